import type { Journals } from '../journals/journals.js'
import type { Meters } from '../metrics/meters.js'
import { listSites } from '../register/sites.js'
import { listTrash } from '../register/trash.js'
import type { SitesContext } from './context.js'

/** Notes what each site uses now. While the engine does not answer, nothing is known. */
export async function measureSites({
  register,
  observed,
  meters,
  now,
}: Pick<SitesContext, 'register' | 'observed' | 'now'> & { meters: Meters }): Promise<void> {
  await observed.refresh()
  const sites = await listSites(register.db)
  await meters.sample(
    sites.map(({ name, uuid }) => ({ name, uuid, usage: observed.find(name)?.usage })),
    now(),
  )
}

/** Takes away what was written down about sites that are gone for good. */
export async function forgetGoneSites({
  register,
  journals,
  meters,
}: Pick<SitesContext, 'register'> & { journals: Journals; meters: Meters }): Promise<void> {
  const there = [...(await listSites(register.db)), ...(await listTrash(register.db))]
  const uuids = new Set(there.map(({ uuid }) => uuid))
  await journals.keepOnly(uuids)
  await meters.keepOnly(uuids)
}
