import type { ServerEvent } from '../../model/events.js'
import type { Operation } from '../../model/operation.js'
import type { Site } from '../../model/site.js'

const KEPT = 1_000

let told = 0
let recent: { number: number; event: ServerEvent }[] = []

/** Remembers an event, for answers that are on their way and may be older than it. */
export function rememberEvent(event: ServerEvent): void {
  told += 1
  recent = [...recent.slice(1 - KEPT), { number: told, event }]
}

/** The place in the stream at which a question is asked. */
export function markEvents(): number {
  return told
}

function eventsSince(mark: number): ServerEvent[] {
  return recent.filter(({ number }) => number > mark).map(({ event }) => event)
}

/** Whether the stream has told of that site since. */
export function hasToldOf(name: string, mark: number): boolean {
  return eventsSince(mark).some((event) => event.type === 'site' && event.site.name === name)
}

/** Whether the stream has told that this operation is over, whether anybody had asked for operations by then or not. */
export function hasEnded(id: string): boolean {
  return recent.some(
    ({ event }) => event.type === 'operation' && event.operation.id === id && event.operation.state !== 'running',
  )
}

/** The list with this site in it, in place or, when new, first. */
export function withSite(sites: Site[], site: Site): Site[] {
  const index = sites.findIndex(({ name }) => name === site.name)
  return index < 0 ? [site, ...sites] : sites.with(index, site)
}

/** The list, newest first, with this operation in it. */
export function withOperation(operations: Operation[], operation: Operation): Operation[] {
  const index = operations.findIndex(({ id }) => id === operation.id)
  return index < 0 ? [operation, ...operations].slice(0, 200) : operations.with(index, operation)
}

/** An answer that may be older than what was told since the question, brought up to it. `isListed`: whether a new site belongs in this list. */
export function bringSitesUp(sites: Site[], mark: number, isListed: (site: Site) => boolean): Site[] {
  return eventsSince(mark).reduce((list, event) => {
    if (event.type === 'siteGone') return list.filter(({ name }) => name !== event.name)
    return event.type === 'site' && isListed(event.site) ? withSite(list, event.site) : list
  }, sites)
}

export function bringSiteUp(site: Site, mark: number): Site {
  return eventsSince(mark).reduce(
    (known, event) => (event.type === 'site' && event.site.name === site.name ? event.site : known),
    site,
  )
}

export function bringOperationsUp(operations: Operation[], mark: number): Operation[] {
  return eventsSince(mark).reduce(
    (list, event) => (event.type === 'operation' ? withOperation(list, event.operation) : list),
    operations,
  )
}
