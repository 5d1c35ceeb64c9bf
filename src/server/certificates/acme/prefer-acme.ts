import type { Certificates } from '../local-ca.js'
import type { AcmeDesk } from './desk.js'

/** Certificates of the authority where there are some, and the local ones until then: every name has HTTPS at once. */
export function preferAcme(local: Certificates, desk: AcmeDesk): Certificates {
  return {
    ...local,
    ensure: async (names) => (await desk.find(names)) ?? local.ensure(names),
    async keepOnly(sets) {
      await desk.keepOnly(sets)
      await local.keepOnly(sets)
    },
  }
}
