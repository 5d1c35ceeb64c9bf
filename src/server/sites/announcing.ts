import type { Names } from '../names/names.js'
import type { Work } from '../operations/operations.js'
import type { Register } from '../register/register.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { Naming } from './naming.js'

/** Keeps the names in DNS like the register. */
export interface Announcing {
  /** Resolves when the DNS server was told, or could not be: then it is told later. A step of `work` when there is anything to tell at all. */
  refresh(work?: Pick<Work, 'note'>): Promise<void>
}

interface Parts {
  register: Register
  names: Names
  naming: Naming
  dns: { zone: string; fixed: readonly string[] }
}

export function openAnnouncing({ register, names, naming, dns }: Parts): Announcing {
  return {
    async refresh(work) {
      if (names.status().mode === 'off') return
      work?.note({ step: 'dns' })
      await names.apply(planNames(await listSites(register.db), naming, dns))
    },
  }
}

/** The names that do not change, and the platform names of all sites that are there or being made, as far as they are in the zone. Pure. */
export function planNames(sites: SiteRecord[], naming: Naming, { zone, fixed }: Parts['dns']): string[] {
  const own = sites.filter((site) => site.lifecycle !== 'removing').map((site) => naming.platformName(site.name))
  return [...fixed, ...own].filter((name) => name.endsWith(`.${zone}`))
}
