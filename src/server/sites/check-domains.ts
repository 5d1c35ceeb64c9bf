import { AppError } from '../../model/errors.js'
import type { Queries } from '../register/register.js'
import type { Naming } from './naming.js'

/** Refuses domain names of a site's own that may not be had. To be called in the transaction that writes them; the table's key refuses doubles. */
export async function checkDomains(
  queries: Queries,
  naming: Naming,
  site: { name: string; owner: string },
  domains: string[],
): Promise<void> {
  for (const [n, domain] of domains.entries()) {
    const problem = findPlatformProblem(naming, domain) ?? (await findOwnedProblem(queries, site, domain))
    if (problem === undefined && domains.indexOf(domain) === n) continue
    const message = problem ?? 'it is there twice'
    throw new AppError(problem?.includes('belongs') ? 'conflict' : 'invalid', `${domain}: ${message}.`, {
      fields: [{ path: `domains.${n}`, message }],
    })
  }
}

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

// A name below one that another person's site has would take that person's visitors.
async function findOwnedProblem(
  queries: Queries,
  site: { name: string; owner: string },
  domain: string,
): Promise<string | undefined> {
  const labels = domain.split('.')
  const parents = labels.slice(0, -1).map((_, n) => labels.slice(n).join('.'))
  const rows = await queries
    .selectFrom('domains')
    .innerJoin('sites', 'sites.name', 'domains.site')
    .select(['domains.name as domain', 'sites.name as site', 'sites.owner as owner'])
    .where('domains.name', 'in', parents)
    .execute()
  if (rows.some((row) => row.domain === domain && row.site !== site.name)) return 'this name belongs to another site'
  if (rows.some((row) => row.owner !== site.owner)) return 'a name above it belongs to the site of somebody else'
  return undefined
}
