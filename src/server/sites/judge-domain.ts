import { isIPv6 } from 'node:net'
import { domainToUnicode } from 'node:url'
import { type DnsRecord, DomainCheck, type SiteDomain } from '../../model/domain.js'
import type { DomainAnswers } from '../names/domain-answers.js'
import type { DomainRecord } from '../register/domains.js'

/** How long a served name whose record is gone stays served. */
const GRACE_MS = 7 * 86_400_000
/** How long a name may be asked for without being proven. */
export const CLAIM_MS = 30 * 86_400_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const WEEK_MS = 7 * 24 * HOUR_MS

/** The record that proves a name. `www.` has that of the name that it stands before. Pure. */
export function planRecord(name: string, value: string): DnsRecord {
  const proven = name.replace(/^www\.(?=.*\.)/, '')
  return { name: `_ruche-challenge.${proven}`, type: 'TXT', value }
}

/** What DNS said, as people read it. `here`: the machine's public addresses. Pure. */
export function judgeDomain(
  { record: found, addresses }: DomainAnswers,
  { record, here, at }: { record: DnsRecord; here: readonly string[]; at: string },
): DomainCheck {
  return { at, ...judgeRecord(found, record), ...judgeAddresses(addresses, here) }
}

function judgeRecord(
  found: DomainAnswers['record'],
  { name, value }: DnsRecord,
): Pick<DomainCheck, 'ownership' | 'message'> {
  if ('unknown' in found) return { ownership: 'unknown', message: found.unknown }
  const { texts, zone, silent, asked } = found
  if (texts.includes(value)) return { ownership: 'proven', message: `The name servers of ${zone} have the record.` }
  const [other] = texts
  if (other !== undefined)
    return { ownership: 'other', message: `The record ${name} is there, but it says “${other.slice(0, 80)}”.` }
  const message = `The name servers of ${zone} do not have the record ${name}.`
  // One of those that are silent may have it.
  if (silent > 0) return { ownership: 'unknown', message: `${message} ${silent} of ${asked} did not answer.` }
  return { ownership: 'missing', message }
}

function judgeAddresses(
  addresses: string[] | undefined,
  here: readonly string[],
): Pick<DomainCheck, 'leads' | 'leadsMessage'> {
  if (!addresses) return { leads: 'unknown', leadsMessage: 'Nobody could say where the name leads.' }
  const wanted = here.map((address) => `${isIPv6(address) ? 'AAAA' : 'A'} ${address}`).join(', ')
  if (addresses.length === 0)
    return { leads: 'nowhere', leadsMessage: `The name has no address yet. It needs: ${wanted}.` }
  const others = addresses.filter((address) => !here.includes(address))
  if (others.length === 0) return { leads: 'here', leadsMessage: 'The name leads to this server.' }
  return { leads: 'elsewhere', leadsMessage: `The name leads to ${others.join(', ')}. It needs: ${wanted}.` }
}

/** When a name is to be looked at next: one that is asked for ever more seldom, a served one every week, one whose record is gone every hour. Pure. */
export function nextLookMs({ proof, checked_at, created_at, failing_since }: DomainRecord): number {
  if (proof === 'administrator') return Number.POSITIVE_INFINITY
  if (checked_at === null) return 0
  const lastMs = Date.parse(checked_at)
  if (proof === 'record') return lastMs + (failing_since === null ? WEEK_MS : HOUR_MS)
  const ageMs = lastMs - Date.parse(created_at)
  return lastMs + Math.min(6 * HOUR_MS, Math.max(MINUTE_MS, ageMs / 5))
}

/** What a look changes of a name: proven, failing, or not proven any more. Who could not be asked changes nothing. Pure. */
export function planProof(
  domain: Pick<DomainRecord, 'proof' | 'failing_since'>,
  { ownership, at }: DomainCheck,
): Pick<DomainRecord, 'proof' | 'failing_since'> {
  const { proof, failing_since } = domain
  if (proof === 'administrator' || ownership === 'unknown') return { proof, failing_since }
  if (ownership === 'proven') return { proof: 'record', failing_since: null }
  if (proof === null) return { proof, failing_since }
  const since = failing_since ?? at
  return Date.parse(at) - Date.parse(since) < GRACE_MS
    ? { proof, failing_since: since }
    : { proof: null, failing_since: null }
}

/** Pure. */
export function presentDomain(domain: DomainRecord, value: string): SiteDomain {
  return { ...describeDomain(domain), record: planRecord(domain.name, value) }
}

/** What there is to say of a name to who need not prove it. Pure. */
export function describeDomain(domain: DomainRecord): Omit<SiteDomain, 'record' | 'certificate'> {
  const { name, proof, failing_since } = domain
  const check = domain.check === null ? undefined : DomainCheck.parse(JSON.parse(domain.check))
  return {
    name,
    title: domainToUnicode(name),
    state: proof === null ? 'waiting' : failing_since === null ? 'served' : 'failing',
    ...(proof !== null && { proof }),
    ...(failing_since !== null && { losesAt: new Date(Date.parse(failing_since) + GRACE_MS).toISOString() }),
    ...(check && { check }),
  }
}
