import type { Names } from '../names/names.js'
import type { ZoneRecords } from '../names/zone-records/zone-records.js'
import type { Work } from '../operations/operations.js'
import type { Register } from '../register/register.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import { listZoneRecords } from '../register/zone-records.js'
import type { Naming } from './naming.js'
import { planRecordSets } from './record-sets.js'

/** Keeps the names in DNS like the register. */
export interface Announcing {
  /** Resolves when the DNS server was told, or could not be: then it is told later. A step of `work` when there is anything to tell at all. */
  refresh(work?: Pick<Work, 'note'>): Promise<void>
  /** Whether people may add records of their own, which names are the platform's, and where records stand. */
  ownerRecords: Pick<Zone, 'fixed'> & { isAllowed: boolean; find: ZoneRecords['find'] }
  close(): void
}

interface Parts {
  register: Register
  names: Names
  zoneRecords: ZoneRecords
  naming: Naming
  dns: Zone
}

/** The zone of the platform's names, and those in it that are no site's. */
export interface Zone {
  zone: string
  fixed: readonly string[]
  /** People may add records of their own. */
  hasOwnerRecords: boolean
}

export function openAnnouncing({ register, names, zoneRecords, naming, dns }: Parts): Announcing {
  return {
    async refresh(work) {
      if (names.status().mode === 'off') return
      work?.note({ step: 'dns' })
      const sites = await listSites(register.db)
      const records = dns.hasOwnerRecords ? await listZoneRecords(register.db) : []
      await Promise.all([
        names.apply(planNames(sites, naming, dns)),
        zoneRecords.apply(planRecordSets(sites, records, naming)),
      ])
    },
    ownerRecords: { isAllowed: dns.hasOwnerRecords, fixed: dns.fixed, find: zoneRecords.find },
    close() {
      names.close()
      zoneRecords.close()
    },
  }
}

/** The names that do not change, and the platform names of all sites that are there or being made, as far as they are in the zone. Pure. */
export function planNames(
  sites: SiteRecord[],
  naming: Naming,
  { zone, fixed }: Pick<Zone, 'zone' | 'fixed'>,
): string[] {
  const own = sites.filter((site) => site.lifecycle !== 'removing').map((site) => naming.platformName(site.name))
  return [...fixed, ...own].filter((name) => name.endsWith(`.${zone}`))
}
