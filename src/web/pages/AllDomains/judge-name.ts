import type { CertificateState } from '../../../model/certificate.js'
import type { ListedName } from '../../../model/domain.js'

/** What renews itself does so weeks before its end; this late something is in its way. */
const LATE_MS = 7 * 86_400_000

/** Whether somebody should look at a certificate: it is not what it should be, or could not be renewed. */
export function isBadCertificate({ state, message, validUntil }: CertificateState, nowMs: number): boolean {
  if (state === 'waiting' || state === 'failed') return true
  if (state === 'valid' && message !== undefined) return true
  return validUntil !== undefined && Date.parse(validUntil) - nowMs < LATE_MS
}

/** A name that is served here and leads visitors to somebody else. One that waits for its proof need not lead here yet. */
export function leadsAway({ state, check, dns }: ListedName): boolean {
  if (dns?.state === 'failed') return true
  const isServed = state === 'served' || state === 'failing'
  return isServed && (check?.leads === 'elsewhere' || check?.leads === 'nowhere')
}

/** Whether something is wrong with a name. Who waits for a proof has nothing wrong: it is for the owner to make the record. */
export function needsAttention(name: ListedName, nowMs: number): boolean {
  const { state, certificate } = name
  return state === 'failing' || leadsAway(name) || (certificate !== undefined && isBadCertificate(certificate, nowMs))
}
