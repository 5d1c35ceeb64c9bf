/** What went wrong with an order, for people, and how long the authority asks to be left alone (RFC 8555 §6.6, `Retry-After`). */
export interface Failure {
  message: string
  waitMs?: number
}

interface Refusal extends Error {
  code?: string
  response?: { headers?: Record<string, unknown> }
}

/** Out of an error of the ACME library, or of the way there. Pure. */
export function readFailure(error: unknown): Failure {
  const refusal: Refusal = error instanceof Error ? error : new Error(String(error))
  // The library trips over an answer that never came, and what went wrong on the way is lost with it.
  if (refusal instanceof TypeError) return { message: 'The ACME server does not answer.' }
  const message = (refusal.message || refusal.code || refusal.name).replace(/\s+/g, ' ').slice(0, 300)
  const seconds = Number(refusal.response?.headers?.['retry-after'])
  return { message, ...(Number.isFinite(seconds) && seconds > 0 && { waitMs: seconds * 1000 }) }
}
