import { AgentEvent } from '../../model/calls.js'
import { converse } from './conversation.js'

const FIRST_PAUSE_MS = 100
const LAST_PAUSE_MS = 5000

/** Listens to the agent's events until `signal` aborts, and connects again whenever the agent goes away. The agent begins each stream with `resync`. */
export async function followEvents(
  socketPath: string,
  onEvent: (event: AgentEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    const heard = (value: unknown): void => {
      pauseMs = FIRST_PAUSE_MS / 2
      const event = AgentEvent.safeParse(value)
      // An event of a newer agent: what it means can be asked for.
      onEvent(event.success ? event.data : { type: 'resync' })
    }
    const ended = converse(socketPath, { call: 'events', params: {}, actor: 'system', signal, onEvent: heard })
    await ended.catch(() => undefined)
    await pause(pauseMs, signal)
  }
}

function pause(timeMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, timeMs)
    signal.addEventListener('abort', done)
  })
}
