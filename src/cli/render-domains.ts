import type { CertificateState } from '../model/certificate.js'
import type { SiteDomain } from '../model/domain.js'
import { visibleText } from '../model/visible-text.js'
import { renderPairs } from './render-table.js'

const STATES = {
  waiting: 'waits for its proof',
  served: 'served',
  failing: 'served, but its proof is gone',
} as const satisfies Record<SiteDomain['state'], string>

/** One line for each name. */
export function renderDomains(domains: readonly SiteDomain[]): string {
  return domains.map(({ name, state }) => `${visibleText(name)}  ${STATES[state]}\n`).join('')
}

/** All about one name: what is so, what DNS says, and what is left to do. */
export function renderDomain({ name, title, state, losesAt, record, proof, check, certificate }: SiteDomain): string {
  const pairs: [string, string][] = [
    ['domain', title === name ? name : `${title} (${name})`],
    ['state', STATES[state]],
  ]
  if (losesAt !== undefined) pairs.push(['served until', losesAt])
  if (proof !== 'administrator') pairs.push(['record', `${record.name}. ${record.type} "${record.value}"`])
  if (check) pairs.push(['proof', check.message], ['address', check.leadsMessage])
  if (certificate) pairs.push(['certificate', describeCertificate(certificate)])
  return renderPairs(pairs)
}

const ISSUERS = {
  acme: 'of the authority',
  local: 'of this platform’s own authority',
  own: 'of your own',
} as const satisfies Record<CertificateState['issuer'], string>

/** Who signed it, and what is still to come. */
export function describeCertificate({ issuer, state, validUntil, message, nextTryAt }: CertificateState): string {
  const until = validUntil === undefined ? '' : `, valid until ${validUntil}`
  const signed = issuer === 'local' ? ISSUERS.local : `${ISSUERS[issuer]}${until}`
  const next = nextTryAt === undefined ? '' : `; next try ${nextTryAt}`
  const why = message === undefined ? '' : `: ${visibleText(message)}`
  switch (state) {
    case 'valid':
      if (message === undefined) return signed
      return issuer === 'own' ? `${signed}${why}` : `${signed}; not renewed yet${why}${next}`
    case 'waiting':
      return `${signed}; waits${why}`
    case 'ordered':
      return `${signed}; another is ordered`
    case 'failed':
      return `${signed}; refused${why}${next}`
  }
}
