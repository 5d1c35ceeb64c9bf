import type { Queries } from '../register/register.js'
import { findSite, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { planSpec } from './spec.js'

const AT_ONCE = 4
const TRIES = 3

/**
 * Marks, in the transaction that changed who may come in, the sites whose containers must learn it. `newPassword`: somebody who could look up the site's
 * password may not come in any more, so it becomes another.
 */
export async function markAccess(queries: Queries, names: readonly string[], newPassword = false): Promise<void> {
  if (names.length === 0) return
  await queries
    .updateTable('sites')
    .set((is) => ({
      generation: is('generation', '+', 1),
      ...(newPassword && { sftp_generation: is('sftp_generation', '+', 1) }),
    }))
    .where('name', 'in', names)
    .execute()
}

/**
 * Tells the containers of these sites who may come in now. It waits for nothing that is done with them meanwhile: the end of a right must not wait for a
 * backup. What cannot be told now the reconciler tells.
 */
export async function applyAccess(context: SitesContext, names: readonly string[], by: By): Promise<void> {
  const left = [...names]
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop())
      await applyOne(context, name, by).catch((error: unknown) =>
        context.log.info({ site: name, err: error }, 'who may come in could not be told to the site now'),
      )
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function applyOne(context: SitesContext, name: string, by: By): Promise<void> {
  const { register, engine, observed } = context
  // Somebody may give the container a newer spec between our look and our word: then ours is said again.
  for (let n = 0; n < TRIES; n++) {
    const site = await findSite(register.db, name)
    if (site?.lifecycle !== 'ready' || site.applied >= site.generation) return
    const status = observed.find(name) ?? (await engine.find(name))
    if (!status) return
    observed.note(await engine.update(planSpec(site, context, status.template), { actor: by }))
    const isLast = await register.change(async (queries) => {
      if ((await findSite(queries, name))?.generation !== site.generation) return false
      await updateSite(queries, name, { applied: site.generation })
      return true
    })
    if (isLast) return
  }
}
