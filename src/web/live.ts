import { useSyncExternalStore } from 'react'
import { ServerEvent } from '../model/events.js'
import { applyEvent } from './api/apply-event.js'
import { meQuery } from './api/me.js'
import { queryClient } from './api/query-client.js'

/** `open`: changes arrive by themselves. `cut`: they do not, for long enough that a person should know. */
export type LiveState = 'connecting' | 'open' | 'cut'

const GRACE_MS = 3_000
const LONGEST_WAIT_MS = 15_000

let state: LiveState = 'connecting'
let source: EventSource | undefined
let retryTimer: number | undefined
let graceTimer: number | undefined
let attempts = 0
const listeners = new Set<() => void>()

function setState(next: LiveState): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

function opened(): void {
  attempts = 0
  window.clearTimeout(graceTimer)
  graceTimer = undefined
  setState('open')
}

function failed(): void {
  if (state === 'open') setState('connecting')
  graceTimer ??= window.setTimeout(() => setState('cut'), GRACE_MS)
  // While it is CONNECTING the browser tries again by itself; after an error answer (proxy, ended session) it does not.
  if (source?.readyState !== EventSource.CLOSED) return
  attempts += 1
  window.clearTimeout(retryTimer)
  retryTimer = window.setTimeout(connect, Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempts))
  // Finds out whether it was the session that ended; if so the shell asks for the password.
  void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
}

function receive(message: MessageEvent<string>): void {
  const event = ServerEvent.safeParse(JSON.parse(message.data))
  if (event.success) applyEvent(queryClient, event.data)
}

function connect(): void {
  source?.close()
  source = new EventSource('/api/events')
  source.addEventListener('open', opened)
  source.addEventListener('error', failed)
  source.addEventListener('change', receive)
}

function connectSooner(): void {
  if (source?.readyState === EventSource.CLOSED) connect()
}

/** Opens the one stream of changes into the query cache. Returns what closes it. */
export function startLive(): () => void {
  connect()
  window.addEventListener('online', connectSooner)
  return () => {
    window.removeEventListener('online', connectSooner)
    window.clearTimeout(retryTimer)
    window.clearTimeout(graceTimer)
    graceTimer = undefined
    source?.close()
    source = undefined
    setState('connecting')
  }
}

/** Tries at once, after the person asked or has signed in again. */
export function reconnectLive(): void {
  attempts = 0
  if (source) connect()
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
