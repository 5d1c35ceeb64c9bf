import { request } from 'node:http'
import { STATUS_HOST } from './render-main.js'

const ANSWER_LIMIT_MS = 1_000
const PAUSE_MS = 5
/** Once new workers run, nginx lets the old ones accept for 100 ms more (ngx_master_process_cycle); answers in a row that then prove it. */
const HAND_OVER_MS = 105
const IN_A_ROW = 4

/** Where the front proxy answers the machine itself. */
export interface StatusAddress {
  host: string
  port: number
}

/** What one worker of the front proxy says of itself. */
export interface Served {
  version: string
  generation: string
}

/** What the front proxy serves now; undefined when it does not answer, or something else does. */
export function findServed({ host, port }: StatusAddress): Promise<Served | undefined> {
  return new Promise((resolve) => {
    const call = request(
      { host, port, path: '/', agent: false, headers: { host: STATUS_HOST }, timeout: ANSWER_LIMIT_MS },
      (answer) => {
        let text = ''
        answer.setEncoding('latin1')
        answer.on('data', (chunk: string) => {
          text += chunk
          if (text.length > 200) call.destroy()
        })
        answer.on('error', () => resolve(undefined))
        answer.on('end', () => resolve(parseServed(text)))
      },
    )
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(undefined))
    call.on('close', () => resolve(undefined))
    call.end()
  })
}

function parseServed(text: string): Served | undefined {
  const [, version, generation] = /^(\d+\.\d+\.\d+) (\S+)\n$/.exec(text) ?? []
  return version && generation ? { version, generation } : undefined
}

/** Where to ask a front proxy that listens there: wildcards stand for loopback. */
export function planStatusAddress(listen: readonly string[], port: number): StatusAddress {
  const [first = '127.0.0.1'] = listen
  return { host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[first] ?? first, port }
}

/**
 * Waits until every answer comes from this generation. When it `replaces` another one that was served until now, that is so once nginx had its time to hand
 * over since the first new answer, and the last answers were all new. Answers false when it is not so after `deadlineMs`.
 */
export async function waitForGeneration(
  address: StatusAddress,
  generation: string,
  { replaces, deadlineMs }: { replaces: boolean; deadlineMs: number },
): Promise<boolean> {
  const end = performance.now() + deadlineMs
  let handedOver = Number.POSITIVE_INFINITY
  let inARow = 0
  while (performance.now() < end) {
    const right = (await findServed(address))?.generation === generation
    if (right && !replaces) return true
    if (right) handedOver = Math.min(handedOver, performance.now() + HAND_OVER_MS)
    inARow = right && performance.now() >= handedOver ? inARow + 1 : 0
    if (inARow === IN_A_ROW) return true
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return false
}
