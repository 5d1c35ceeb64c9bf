import type { DnsRecord } from '../../model/domain.js'
import { AppError } from '../../model/errors.js'
import { findDomain, listDomains } from '../register/domains.js'
import type { Queries } from '../register/register.js'
import type { Naming } from './naming.js'
import { findReleaseProblem } from './released-names.js'

/** Names that a site may have of its own, proven or not. */
export const MOST_DOMAINS = 20

export interface ClaimedName {
  name: string
  /** An administrator's word stands for the proof. */
  vouch: boolean
  at: string
  /** What would prove it. */
  record: DnsRecord
  /** Where a form has it. */
  path: string
}

/** Refuses a domain name that a site may not ask for: AppError `conflict`, `invalid`, `limit_reached`. To be called in the transaction that writes it. */
export async function checkDomain(
  queries: Queries,
  naming: Naming,
  site: { name: string; owner: string },
  claim: ClaimedName,
): Promise<void> {
  const refuse = (code: 'conflict' | 'invalid', message: string, hint?: string) => {
    const fields = [{ path: claim.path, message }]
    throw new AppError(code, `${claim.name}: ${message}.`, { fields, ...(hint && { hint }) })
  }
  const problem = findPlatformProblem(naming, claim.name)
  if (problem) refuse('invalid', problem)
  const held = await findDomain(queries, claim.name)
  if (held?.site === site.name) refuse('invalid', 'it is there twice')
  if (held?.proof) refuse('conflict', 'this name belongs to another site')
  if (held) refuse('conflict', 'another site has asked for this name', `If it is yours, ${sayRecord(claim.record)}`)
  const released = claim.vouch && (await findReleaseProblem(queries, claim.name, site.owner, claim.at))
  if (released) refuse('conflict', released, `With a proof it is free now: ${sayRecord(claim.record)}`)
  if ((await listDomains(queries, site.name)).length >= MOST_DOMAINS)
    throw new AppError('limit_reached', `A site has at most ${MOST_DOMAINS} domain names of its own.`)
}

const sayRecord = ({ name, type, value }: DnsRecord): string =>
  `make the record ${name} ${type} "${value}", then ask again.`

/** Why a name is the platform's, or undefined. */
export function findPlatformProblem(
  { panel, baseDomain }: Pick<Naming, 'panel' | 'baseDomain'>,
  domain: string,
): string | undefined {
  const within = (name: string) => domain === name || domain.endsWith(`.${name}`)
  if (within(panel)) return 'this is the address of the panel'
  if (within(baseDomain)) return `names below ${baseDomain} are given by the platform`
  if (panel.endsWith(`.${domain}`) || baseDomain.endsWith(`.${domain}`)) return 'the platform is below this name'
  return undefined
}
