import { APEX } from '../../model/zone-record.js'
import type { RecordSet } from '../names/zone-records/zone-settings.js'
import type { SiteRecord } from '../register/sites.js'
import type { ZoneRecordRow } from '../register/zone-records.js'
import type { Naming } from './naming.js'

/** The sets of records that sites should have; of sites that are being removed none. Pure. */
export function planRecordSets(
  sites: readonly Pick<SiteRecord, 'name' | 'lifecycle'>[],
  rows: readonly ZoneRecordRow[],
  naming: Pick<Naming, 'platformName'>,
): RecordSet[] {
  const living = new Set(sites.filter((site) => site.lifecycle !== 'removing').map((site) => site.name))
  const sets = new Map<string, RecordSet & { values: string[] }>()
  for (const row of rows) {
    if (!living.has(row.site)) continue
    const host = hostOf(naming, row)
    const set = sets.get(`${host} ${row.type}`)
    if (set) set.values.push(row.value)
    else
      sets.set(`${host} ${row.type}`, {
        platformName: naming.platformName(row.site),
        host,
        type: row.type,
        values: [row.value],
      })
  }
  return [...sets.values()]
}

/** The whole name of a record. */
export function hostOf(
  { platformName }: Pick<Naming, 'platformName'>,
  { site, name }: Pick<ZoneRecordRow, 'site' | 'name'>,
) {
  return name === APEX ? platformName(site) : `${name}.${platformName(site)}`
}
