import type { DnsState, DnsStatus } from '../../model/dns.js'

/** How a server that does not take updates is waited for: pauses that double, a little uneven so that many platforms do not come at once. */
export interface Patience {
  mayTry(): boolean
  /** Takes the server's answer; whether the update was made. */
  heard(answer: string): boolean
  /** Calls once the pause is over. */
  later(call: () => void): void
  state(): Pick<DnsState, 'state' | 'answer' | 'nextTryAt'>
  status(): Pick<DnsStatus, 'ok' | 'message'>
  close(): void
}

const FIRST_MS = 3000
const LONGEST_MS = 300_000
const UNEVEN = 0.2

export function openPatience(now: () => Date): Patience {
  let failures = 0
  let answer: string | undefined
  let pauseMs = 0
  // The pause itself is counted by a clock that nobody sets.
  let sinceMs = 0
  let nextTryAt: string | undefined
  let timer: NodeJS.Timeout | undefined
  return {
    mayTry: () => performance.now() - sinceMs >= pauseMs,
    heard(said) {
      answer = said
      failures = said === 'NOERROR' ? 0 : failures + 1
      sinceMs = performance.now()
      const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
      pauseMs = failures === 0 ? 0 : Math.round(doubled * (1 + UNEVEN * (Math.random() - 0.5)))
      nextTryAt = failures === 0 ? undefined : new Date(now().getTime() + pauseMs).toISOString()
      return failures === 0
    },
    later(call) {
      clearTimeout(timer)
      timer = setTimeout(call, pauseMs + 1)
    },
    state: () => ({
      state: failures === 0 ? 'pending' : 'failed',
      ...(answer !== undefined && failures > 0 && { answer }),
      ...(nextTryAt !== undefined && { nextTryAt }),
    }),
    status: () =>
      failures === 0 ? { ok: true } : { ok: false, message: `The DNS server did not take the last update: ${answer}.` },
    close: () => clearTimeout(timer),
  }
}
