import { AppError } from '../../model/errors.js'
import type { Limits } from '../../model/limits.js'
import type { Operation } from '../../model/operation.js'
import type { Stack } from '../../model/stack.js'
import type { Work } from '../operations/operations.js'
import type { Queries } from '../register/register.js'
import { findSite, insertSite, limitColumns, type SiteRecord, updateSite } from '../register/sites.js'
import { deleteTrashed } from '../register/trash.js'
import { allocate } from './allocate.js'
import { checkName } from './check-name.js'
import { checkStack } from './check-stack.js'
import type { By, SitesContext } from './context.js'
import { claimDomain } from './domains.js'
import { identityOf, makeFromOrigin, type Origin } from './origin.js'
import { checkQuota } from './quota.js'
import { missing } from './ready-site.js'
import { forgetSite, removeSite } from './remove-site.js'
import { planSpec } from './spec.js'

/** A site to be made, with every default filled in. */
export interface NewSite {
  name: string
  owner: string
  stack: Stack
  /** Debian packages besides those of its stack. */
  packages?: string[]
  limits: Limits
  /** Names of its own that it asks for. */
  domains: string[]
  /** An administrator's word stands for their proof. */
  vouch?: boolean | undefined
  start: boolean
  /** Where its data comes from; absent: it begins empty. */
  origin?: Origin
}

/** Writes the site into the register, then makes it; an operation that fails leaves nothing but its own record. */
export async function createSite(
  context: SitesContext,
  site: NewSite,
  by: By,
): Promise<{ operation: Operation; prepared: SiteRecord }> {
  checkStack(await context.engine.choices(), site.stack)
  return context.operations.begin({
    kind: 'site.create',
    subject: site.name,
    by,
    cancellable: true,
    prepare: () => context.register.change((queries) => writeSite(context, queries, site, by)),
    run: (work) => makeSite(context, site.name, by, work),
  })
}

export async function writeSite(context: SitesContext, queries: Queries, site: NewSite, by: By): Promise<SiteRecord> {
  const { naming, now } = context
  // A name that was somebody else's until lately is an administrator's to give.
  await checkName(context, queries, site.name, site.owner === by ? by : undefined)
  await checkQuota(queries, site.owner, site.name, site.limits)
  const { address, sftpPort } = await allocate(queries, naming)
  const at = now().toISOString()
  const identity = identityOf(context, site.origin)
  await insertSite(queries, {
    name: site.name,
    ...identity,
    owner: site.owner,
    ...site.stack,
    packages: JSON.stringify(site.packages ?? []),
    ...limitColumns(site.limits),
    address,
    sftp_port: sftpPort,
    wanted: site.start ? 'running' : 'stopped',
    lifecycle: 'creating',
    created_at: at,
  })
  for (const [n, name] of site.domains.entries()) {
    const claim = { name, vouch: site.vouch === true, at, path: `domains.${n}` }
    await claimDomain(context, queries, { ...site, ...identity }, claim)
  }
  const written = await findSite(queries, site.name)
  if (!written) throw missing(site.name)
  return written
}

/** Makes what the register holds as being made. Every step looks before it acts: going on after a crash is the same code. */
export async function makeSite(context: SitesContext, name: string, by: By, work: Work): Promise<void> {
  const { register, changes } = context
  const site = await findSite(register.db, name)
  if (!site) throw missing(name)
  changes.publish({ type: 'site', name })
  try {
    await makeContainer(context, site, by, work)
    work.note({ step: 'certificate' })
    await context.certificates.ensure(site.domains)
    work.note({ step: 'proxy' })
    await context.routing.refresh()
    await context.announcing.refresh(work)
    work.signal.throwIfAborted()
    await register.change(async (queries) => {
      await updateSite(queries, name, { lifecycle: 'ready', applied: site.generation, origin: null })
      await deleteTrashed(queries, site.uuid)
    })
  } catch (error) {
    await undo(context, site, by, work, error)
    throw error
  }
}

async function makeContainer(context: SitesContext, site: SiteRecord, by: By, work: Work): Promise<void> {
  const { engine, observed, templateBuilds } = context
  const call = { actor: by, note: work.note, signal: work.signal }
  work.note({ step: 'template' })
  const template = await templateBuilds.ensure(site.stack, site.packages, { by, ...work })
  work.signal.throwIfAborted()
  work.note({ step: 'create' })
  observed.note(await makeFromOrigin(engine, site, planSpec(site, context, template), call))
  work.signal.throwIfAborted()
  if (site.wanted === 'stopped') return
  work.note({ step: 'start' })
  observed.note(await engine.start(site.name, call))
}

// What cannot be undone now (the engine is away) stays marked as being removed, and the reconciler goes on with it.
async function undo(context: SitesContext, site: SiteRecord, by: By, work: Work, error: unknown): Promise<void> {
  work.note({ step: 'undo', message: 'what was made is removed again' })
  try {
    // A container of that name which is not ours is somebody's data.
    if (error instanceof AppError && error.code === 'conflict' && !work.signal.aborted)
      return await forgetSite(context, site)
    await context.register.change((queries) =>
      updateSite(queries, site.name, { lifecycle: 'removing', wanted: 'stopped', purged: 1 }),
    )
    await removeSite(context, { ...site, purged: 1 }, by, { ...work, signal: new AbortController().signal })
  } catch (failure) {
    work.note({ step: 'undo', message: 'this could not be finished now and goes on by itself' })
    context.log.info({ site: site.name, err: failure }, 'a failed creation is not undone yet')
  }
}
