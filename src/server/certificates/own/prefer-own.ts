import type { Certificates } from '../local-ca.js'
import type { OwnCertificates } from './own-certificates.js'

/** What an owner brought along, and else what the platform has: that is asked for in time, so that it is there when the owner's ends. */
export function preferOwn(automatic: Certificates, own: OwnCertificates): Certificates {
  return {
    ...automatic,
    async ensure(names) {
      const [name = '', ...more] = names
      const kept = more.length === 0 ? own.find(name) : undefined
      if (!kept) return automatic.ensure(names)
      if (kept.isEnding) await automatic.ensure(names)
      return kept.files
    },
    async keepOnly(sets) {
      await own.keepOnly(new Set(sets.flatMap((names) => (names.length === 1 ? names : []))))
      await automatic.keepOnly(sets)
    },
  }
}
