import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine/engine.js'

/** How a site's first page answers: the status, or null for silence. */
export type PageStatus = number | null

/** Lower is better: it answers, it refuses, it is broken, it says nothing. Pure. */
export function rankPage(status: PageStatus): number {
  if (status === null) return 3
  return status >= 500 ? 2 : status >= 400 ? 1 : 0
}

const TRIES = 8
const PAUSE_MS = 500

/** What its page answers now. */
export async function lookAtPage(engine: Engine, id: string, host: string): Promise<PageStatus> {
  return (await engine.probe(id, host, '/')).status
}

/** What its page answers once it is no worse than `before`, or after some patience: right after a start the first answers may be those of a program that is not there yet. */
export async function settledPage(engine: Engine, id: string, host: string, before: PageStatus): Promise<PageStatus> {
  for (let tries = 1; ; tries++) {
    const status = await lookAtPage(engine, id, host)
    if (tries === TRIES || rankPage(status) <= rankPage(before)) return status
    await sleep(PAUSE_MS)
  }
}

/** In words. */
export function sayPage(status: PageStatus): string {
  return status === null ? 'nothing' : String(status)
}
