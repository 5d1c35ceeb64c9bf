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
export function renderDomain({ name, title, state, losesAt, record, proof, check }: SiteDomain): string {
  const pairs: [string, string][] = [
    ['domain', title === name ? name : `${title} (${name})`],
    ['state', STATES[state]],
  ]
  if (losesAt !== undefined) pairs.push(['served until', losesAt])
  if (proof !== 'administrator') pairs.push(['record', `${record.name}. ${record.type} "${record.value}"`])
  if (check) pairs.push(['proof', check.message], ['address', check.leadsMessage])
  return renderPairs(pairs)
}
