import type { ServerEvent } from '../../model/events.js'
import { isAboutTemplates, type Operation } from '../../model/operation.js'
import { rightsOn, type SharedSite } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Log } from '../log.js'
import type { Change } from '../operations/changes.js'
import { findSite, listSites, type SiteRecord } from '../register/sites.js'
import type { SitesContext } from '../sites/context.js'
import { presentSite } from '../sites/present-site.js'

/** Somebody who listens. */
export interface Viewer {
  who: Requester
  send(event: ServerEvent): void
  close(): void
}

/** Tells each viewer what concerns them. */
export interface EventFeed {
  /** Answers how to leave. */
  join(viewer: Viewer): () => void
  count(): number
  close(): void
}

type FeedContext = Pick<SitesContext, 'register' | 'changes' | 'observed' | 'operations' | 'naming' | 'names'> & {
  log: Log
}

/** Changes of the same site within this time become one event. */
const GATHER_MS = 50
/** More than these are read from the register in one go. */
const MANY = 10

export function openEventFeed(context: FeedContext): EventFeed {
  const viewers = new Set<Viewer>()
  const sites = new Map<string, SubjectSite>()
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()

  // One after the other, so that what is told first is told first.
  const queue = (work: () => Promise<void>) => {
    sending = sending.then(work).catch((error: unknown) => context.log.error({ err: error }, 'an event was lost'))
  }
  const tell = (event: ServerEvent, isFor: (who: Requester) => boolean) => {
    for (const viewer of [...viewers]) if (isFor(viewer.who)) viewer.send(event)
  }
  const sendSites = async () => {
    const names = [...changed]
    changed.clear()
    for (const site of viewers.size > 0 ? await findSites(context, names) : []) {
      sites.set(site.name, site)
      for (const viewer of [...viewers]) {
        const rights = rightsOn(viewer.who, site)
        if (rights.includes('view')) viewer.send({ type: 'site', site: presentSite(context, site, rights) })
      }
    }
  }
  const tellRights = async (name: string, before: SharedSite) => {
    const site = await findSite(context.register.db, name)
    const lost = (who: Requester) => maySee(who, before) && !(site && maySee(who, site))
    tell({ type: 'siteGone', name }, lost)
    changed.add(name)
    await sendSites()
  }
  const sendOperation = async (operation: Operation) => {
    const site = await siteOf(context, sites, operation)
    tell({ type: 'operation', operation }, (who) => maySeeOperation(who, operation, site))
  }
  const hear = (change: Change) => {
    if (viewers.size === 0) return
    if (change.type === 'site') {
      changed.add(change.name)
      timer ??= setTimeout(() => {
        timer = undefined
        queue(sendSites)
      }, GATHER_MS)
    } else if (change.type === 'siteGone') {
      sites.set(change.name, { ...change.site, created_at: '' })
      queue(async () => tell({ type: 'siteGone', name: change.name }, (who) => maySee(who, change.site)))
    } else if (change.type === 'rights') {
      queue(() => tellRights(change.name, change.before))
    } else if (change.type === 'operation') queue(() => sendOperation(change.operation))
    else if (change.type === 'templates') queue(async () => tell({ type: 'templates' }, () => true))
    else if (change.type === 'announcements') queue(async () => tell(change, () => true))
  }
  const leave = context.changes.subscribe(hear)
  return {
    join(viewer) {
      viewers.add(viewer)
      viewer.send({ type: 'resync' })
      return () => viewers.delete(viewer)
    },
    count: () => viewers.size,
    close() {
      leave()
      clearTimeout(timer)
      for (const viewer of [...viewers]) viewer.close()
    },
  }
}

async function findSites({ register }: FeedContext, names: string[]): Promise<SiteRecord[]> {
  if (names.length > MANY) return (await listSites(register.db)).filter((site) => names.includes(site.name))
  const found = await Promise.all(names.map((name) => findSite(register.db, name)))
  return found.filter((site) => site !== undefined)
}

/** What it takes to know whether an operation was about somebody's site. */
type SubjectSite = SharedSite & Pick<SiteRecord, 'created_at'>

const maySee = (who: Requester, site: SharedSite): boolean => rightsOn(who, site).includes('view')

/** Operations are seen by who began them, who may see the site, and administrators; those of a former site of the same name are not the new owner's. */
export function maySeeOperation(who: Requester, operation: Operation, site: SubjectSite | undefined): boolean {
  if (who.administrator) return true
  if (operation.by === who.login && (who.token?.site ?? operation.subject) === operation.subject) return true
  if (isAboutTemplates(operation.kind) || site === undefined) return false
  return maySee(who, site) && site.created_at <= operation.createdAt
}

// A site that is gone had an owner, who is told how its removal ended.
async function siteOf(
  { register }: FeedContext,
  sites: Map<string, SubjectSite>,
  { kind, subject }: Operation,
): Promise<SubjectSite | undefined> {
  if (isAboutTemplates(kind)) return undefined
  const site = await findSite(register.db, subject)
  if (site) sites.set(subject, site)
  return sites.get(subject)
}
