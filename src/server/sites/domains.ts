import type { DomainCheck, SiteDomain } from '../../model/domain.js'
import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import {
  type DomainRecord,
  deleteDomain,
  findDomain,
  insertDomain,
  listAllDomains,
  updateDomain,
} from '../register/domains.js'
import type { Queries } from '../register/register.js'
import { findSite, type SiteRecord, updateSite } from '../register/sites.js'
import { changeSite } from './change-site.js'
import { type ClaimedName, checkDomain } from './check-domains.js'
import type { By, SitesContext } from './context.js'
import { CLAIM_MS, judgeDomain, nextLookMs, planProof, planRecord, presentDomain } from './judge-domain.js'
import { release } from './released-names.js'

/** A domain name as it is now, and the operation that follows of it. */
export interface Seen {
  domain: SiteDomain
  operation?: string
}

/** Asks for a name; one that is proven already, or that an administrator vouches for, is served at once. AppError `conflict`, `invalid`, `limit_reached`. */
export async function addDomain(
  context: SitesContext,
  site: SiteRecord,
  wish: { domain: string; vouch: boolean },
  by: By,
): Promise<Seen> {
  const { register, now } = context
  const { domain: name, vouch } = wish
  const held = await findDomain(register.db, name)
  // Somebody else has only asked for it: it is theirs who prove it.
  const check = held && held.site !== site.name && !held.proof && !vouch ? await look(context, site, name) : undefined
  await register.change(async (queries) => {
    if (vouch || check?.ownership === 'proven') await deleteClaim(queries, name)
    await claimDomain(context, queries, site, { name, vouch, at: now().toISOString(), path: 'domain' })
    if (check) await noteLook(queries, name, check)
  })
  context.changes.publish({ type: 'site', name: site.name })
  if (vouch || check?.ownership === 'proven') return serve(context, site, name, by)
  void context.routing.refreshLater()
  return present(context, site, name)
}

/** Writes that a site asks for a name. To be called in a transaction. */
export async function claimDomain(
  context: Pick<SitesContext, 'naming' | 'passwords'>,
  queries: Queries,
  site: { name: string; uuid: string; owner: string },
  claim: Omit<ClaimedName, 'record'>,
): Promise<void> {
  const { name, vouch, at } = claim
  const record = planRecord(name, context.passwords.domainProof(site))
  await checkDomain(queries, context.naming, site, { ...claim, record })
  await insertDomain(queries, { name, site: site.name, proof: vouch ? 'administrator' : null, created_at: at })
}

/** Looks at DNS now. A name that is found proven is served from then on. */
export async function checkNow(context: SitesContext, site: SiteRecord, name: string, by: By): Promise<Seen> {
  await getOwn(context.register.db, site.name, name)
  const check = await look(context, site, name)
  const { before, after } = await context.register.change((queries) => noteLook(queries, name, check))
  if (!before.proof && after.proof) return serve(context, site, name, by)
  if (before.proof && !after.proof) await withdraw(context, site)
  return present(context, site, name)
}

/** Takes a name away; for a while nobody else has it on an administrator's word alone. */
export function removeDomain(context: SitesContext, site: SiteRecord, name: string, by: By): Promise<Operation> {
  let removed: DomainRecord | undefined
  return changeSite(context, site.name, by, {
    kind: 'site.domains',
    async write(queries) {
      removed = await getOwn(queries, site.name, name)
      await deleteDomain(queries, name)
      if (removed.proof) await release(queries, [name], site.owner, context.now())
    },
    async revert(queries) {
      if (removed) await insertDomain(queries, removed)
    },
    after: (work) => showRoutes(context, work),
  })
}

/** Looks at every name that is due, and drops claims that nobody proved for long. */
export async function lookAtDueDomains(context: SitesContext): Promise<void> {
  const nowMs = context.now().getTime()
  for (const domain of await listAllDomains(context.register.db)) {
    const site = nextLookMs(domain) <= nowMs ? await findSite(context.register.db, domain.site) : undefined
    if (site?.lifecycle !== 'ready') continue
    if (domain.proof === null && nowMs - Date.parse(domain.created_at) > CLAIM_MS)
      await context.register.change((queries) => deleteClaim(queries, domain.name))
    else await checkNow(context, site, domain.name, 'system').catch(notNow)
  }
}

// It is removed, or busy: the next round looks again.
function notNow(error: unknown): void {
  if (!(error instanceof AppError)) throw error
}

export async function getOwn(queries: Queries, site: string, name: string): Promise<DomainRecord> {
  const domain = await findDomain(queries, name)
  if (domain?.site === site) return domain
  throw new AppError('not_found', `${name} is no name of ${site}'s own.`)
}

async function look(context: SitesContext, site: SiteRecord, name: string): Promise<DomainCheck> {
  const { askDomain, publicAddresses, passwords, now } = context
  const record = planRecord(name, passwords.domainProof(site))
  const answers = await askDomain(name, record.name)
  return judgeDomain(answers, { record, here: publicAddresses.all(), at: now().toISOString() })
}

async function noteLook(
  queries: Queries,
  name: string,
  check: DomainCheck,
): Promise<{ before: DomainRecord; after: Pick<DomainRecord, 'proof'> }> {
  const before = await findDomain(queries, name)
  if (!before) throw new AppError('not_found', `${name} was taken away meanwhile.`)
  const after = planProof(before, check)
  await updateDomain(queries, name, { ...after, checked_at: check.at, check: JSON.stringify(check) })
  if (!before.proof !== !after.proof) await raiseGeneration(queries, before.site)
  return { before, after }
}

/** The container is to be told, by whoever comes to it first. */
async function raiseGeneration(queries: Queries, name: string): Promise<void> {
  const site = await findSite(queries, name)
  if (site) await updateSite(queries, name, { generation: site.generation + 1 })
}

async function deleteClaim(queries: Queries, name: string): Promise<void> {
  const found = await findDomain(queries, name)
  if (found && !found.proof) await deleteDomain(queries, name)
}

/** Gives a name that is proven to the container, a certificate, and to the front proxy. */
async function serve(context: SitesContext, site: SiteRecord, name: string, by: By): Promise<Seen> {
  const change = changeSite(context, site.name, by, {
    kind: 'site.domains',
    write: async () => undefined,
    revert: async () => undefined,
    async after(work) {
      work.note({ step: 'certificate' })
      await context.certificates.ensure([name])
      await showRoutes(context, work)
    },
  })
  // Who is busy with the site now does not undo the proof: the reconciler brings it to the front proxy and the container.
  const operation = await change.catch(unlessBusy)
  return { ...(await present(context, site, name)), ...(operation && { operation: operation.id }) }
}

function unlessBusy(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'busy') return undefined
  throw error
}

/** One that lost its proof is not served any more. */
async function withdraw(context: SitesContext, site: SiteRecord): Promise<void> {
  context.log.warn({ site: site.name }, 'a domain name lost its proof and is not served any more')
  context.changes.publish({ type: 'site', name: site.name })
  await context.routing.refreshLater()
}

/** What follows for the front proxy. */
export async function showRoutes({ routing }: SitesContext, work: Work): Promise<void> {
  work.note({ step: 'proxy' })
  await routing.refresh()
}

async function present(context: SitesContext, site: SiteRecord, name: string): Promise<Seen> {
  const domain = await getOwn(context.register.db, site.name, name)
  return { domain: presentDomain(domain, context.passwords.domainProof(site)) }
}
