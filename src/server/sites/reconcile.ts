import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import { findSite, listSites, type SiteRecord } from '../register/sites.js'
import { applySpec } from './apply-spec.js'
import { openBackoff } from './backoff.js'
import type { SitesContext } from './context.js'
import { makeSite } from './create-site.js'
import { type Plan, planReconcile, planVerb, type Verb } from './plan-reconcile.js'
import { removeSite } from './remove-site.js'
import { start, stop } from './run-site.js'

/** Makes what is like what should be: at the start, when told that something happened, and every 30 s. */
export interface Reconciler {
  /** One pass; resolves when its actions are begun. */
  run(): Promise<Plan | undefined>
  /** A pass soon; many calls become one. */
  poke(): void
  close(): void
}

const INTERVAL_MS = 30_000
const SOON_MS = 200
const AT_ONCE = 4
const BY = 'system'

export function openReconciler(context: SitesContext): Reconciler {
  const backoff = openBackoff(context.now)
  const acting = new Set<string>()
  const report = reporter(context)
  let soon: NodeJS.Timeout | undefined
  let passing: Promise<Plan | undefined> | undefined
  let closed = false

  const finish = async (name: string, verb: Verb, operation: Operation) => {
    await context.operations.ended(operation.id)
    const ended = await context.operations.find(operation.id)
    const key = `${verb} ${name}`
    if (ended?.state === 'done') backoff.succeeded(key)
    else backoff.failed(key)
  }
  const act = async (name: string, verb: Verb) => {
    acting.add(name)
    try {
      await finish(name, verb, await begin(context, name, verb))
    } catch (error) {
      // Somebody else is at it, or it is gone: the next pass sees what is left to do.
      if (error instanceof AppError) return
      context.log.error({ err: error, site: name, verb }, 'reconcile failed')
      backoff.failed(`${verb} ${name}`)
    } finally {
      acting.delete(name)
      poke()
    }
  }
  const pass = async () => {
    if (!(await context.observed.refresh())) return undefined
    const plan = planReconcile(await listSites(context.register.db), context.observed.all())
    report(plan)
    for (const { name, verb } of plan.actions) {
      if (closed || acting.size >= AT_ONCE) break
      const busy = acting.has(name) || context.operations.runningOn('site', name) !== undefined
      if (!busy && backoff.mayTry(`${verb} ${name}`)) void act(name, verb)
    }
    await context.routing.refreshLater()
    await context.announcing.refresh()
    return plan
  }
  const run = () => {
    passing ??= pass().finally(() => {
      passing = undefined
    })
    return passing
  }
  const guarded = () => {
    run().catch((error: unknown) => context.log.error({ err: error }, 'reconcile failed'))
  }
  const poke = () => {
    if (closed) return
    soon ??= setTimeout(() => {
      soon = undefined
      guarded()
    }, SOON_MS)
  }
  const timer = setInterval(guarded, INTERVAL_MS)
  return {
    run,
    poke,
    close() {
      closed = true
      clearInterval(timer)
      clearTimeout(soon)
    },
  }
}

const KINDS = {
  create: 'site.create',
  destroy: 'site.destroy',
  update: 'site.limits',
  start: 'site.start',
  stop: 'site.stop',
} as const satisfies Record<Verb, Operation['kind']>

// Looks again once nobody else can touch the site: since the pass looked, a person may have changed what is wanted.
async function begin(context: SitesContext, name: string, verb: Verb): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: KINDS[verb],
    subject: name,
    by: BY,
    cancellable: verb === 'create' || undefined,
    prepare: async () => {
      const site = await findSite(context.register.db, name)
      if (!site || planVerb(site, context.observed.find(name)) !== verb)
        throw new AppError('conflict', `Nothing is left to be done for ${name}.`)
      return site
    },
    run: (work, site) => carryOut(context, site, verb, work),
  })
  return operation
}

function carryOut(context: SitesContext, site: SiteRecord, verb: Verb, work: Work): Promise<void> {
  const verbs: Record<Verb, () => Promise<void>> = {
    create: () => makeSite(context, site.name, BY, work),
    destroy: () => removeSite(context, site, BY, work),
    update: () => applySpec(context, site.name, BY, work),
    start: () => start(context, site.name, BY, work),
    stop: () => stop(context, site.name, BY, work),
  }
  return verbs[verb]()
}

// Each finding is logged when it changes, not at each pass.
function reporter({ log }: SitesContext): (plan: Plan) => void {
  let before = '[[],[],[]]'
  return ({ orphans, missing, held }) => {
    const now = JSON.stringify([orphans, missing, held])
    if (now === before) return
    before = now
    if (orphans.length > 0) log.warn({ orphans }, 'containers that the register does not know are left alone')
    if (missing.length > 0) log.warn({ missing }, 'sites without a container')
    if (held.length > 0) log.warn({ held }, 'too many sites run that should not: none is stopped')
  }
}
