import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { type SiteRecord, updateSite } from '../register/sites.js'
import { changeSite } from './change-site.js'
import type { By, SitesContext } from './context.js'
import { checkQuota } from './quota.js'

/** Gives a site to another owner, whose quota must allow it. Whoever had its SFTP password or a key in it is out; its address and data stay. */
export async function handOver(context: SitesContext, name: string, owner: string, by: By): Promise<Operation> {
  let former: SiteRecord | undefined
  return changeSite(context, name, by, {
    kind: 'site.owner',
    async write(queries, site) {
      if (site.owner === owner) throw new AppError('conflict', `${name} is ${owner}'s already.`)
      await checkQuota(queries, owner, name, site.limits)
      former = site
      await updateSite(queries, name, { owner, sftp_keys: '[]', sftp_generation: site.sftp_generation + 1 })
    },
    revert: (queries, before) =>
      updateSite(queries, name, {
        owner: before.owner,
        sftp_keys: JSON.stringify(before.keys),
        sftp_generation: before.sftp_generation,
      }),
    async after() {
      if (former) context.changes.publish({ type: 'rights', name, before: former })
      context.changes.publish({ type: 'site', name })
    },
  })
}
