import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { formatSize } from '../../model/sizes.js'
import { limitColumns, updateSite } from '../register/sites.js'
import { changeSite } from './change-site.js'
import type { By, SitesContext } from './context.js'
import { mergeLimits, type SomeLimits } from './merge-limits.js'
import { checkQuota } from './quota.js'

/** New limits, at once, within the owner's quota. A disk only grows. */
export function setLimits(context: SitesContext, name: string, wanted: SomeLimits, by: By): Promise<Operation> {
  return changeSite(context, name, by, {
    kind: 'site.limits',
    async write(queries, site) {
      const limits = mergeLimits(site.limits, wanted)
      if (limits.diskBytes < site.limits.diskBytes) throw smaller(site.limits.diskBytes)
      await checkQuota(queries, site.owner, name, limits)
      await updateSite(queries, name, limitColumns(limits))
    },
    revert: (queries, before) => updateSite(queries, name, limitColumns(before.limits)),
  })
}

function smaller(diskBytes: number): AppError {
  const message = `a disk only grows, and this one has ${formatSize(diskBytes)}`
  return new AppError('invalid', `disk: ${message}`, { fields: [{ path: 'diskBytes', message }] })
}
