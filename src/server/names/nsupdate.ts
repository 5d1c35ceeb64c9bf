import { AppError } from '../../model/errors.js'
import type { ServerSettings } from '../../model/server-settings.js'
import { runToEnd } from '../run.js'

/** Where updates go and what they say. */
export type DnsSettings = NonNullable<ServerSettings['dns']>

/** One name as it should be from now on; no addresses: it goes away. */
export interface NameChange {
  name: string
  ipv4: readonly string[]
  ipv6: readonly string[]
}

const ANSWER_S = 5
const TIMEOUT_MS = 10_000
const TYPES = ['A', 'AAAA']

/** The commands of one update (nsupdate(1), RFC 2136). Types one by one: a server that allows only these refuses to delete whole names. Pure. */
export function renderUpdate({ server, port, zone, ttlSeconds }: DnsSettings, changes: readonly NameChange[]): string {
  const lines = [`server ${server} ${port}`, `zone ${zone}.`]
  for (const { name, ipv4, ipv6 } of changes) {
    lines.push(...TYPES.map((type) => `update delete ${name}. ${type}`))
    lines.push(...ipv4.map((address) => `update add ${name}. ${ttlSeconds} A ${address}`))
    lines.push(...ipv6.map((address) => `update add ${name}. ${ttlSeconds} AAAA ${address}`))
  }
  return `${lines.join('\n')}\nsend\n`
}

/** What nsupdate says when an update was not made, in the words of RFC 2136 where the server answered. Pure. */
export function readRefusal(said: string): string {
  const refused = /update failed: (.+)/.exec(said)?.[1]
  const tsig = /TSIG error with server: (.+)/.exec(said)?.[1]
  if (refused !== undefined) return [refused, tsig].filter(Boolean).join(', ').slice(0, 200)
  const unreachable = /Communication with \S+ failed: (.+)/.exec(said)?.[1]
  if (unreachable !== undefined) return `no answer: ${unreachable}`.slice(0, 200)
  return said.trim().split('\n').at(-1)?.slice(0, 200) || 'no answer'
}

/** The commands that make these the only texts of a name. None of them holds more than base64url, which needs no escape (RFC 1035 §5.1). Pure. */
export function renderText(
  { server, port, zone, ttlSeconds }: DnsSettings,
  name: string,
  texts: readonly string[],
): string {
  if (texts.some((text) => !/^[A-Za-z0-9_-]{1,255}$/.test(text))) throw new Error('a text that cannot be a record')
  const added = texts.map((text) => `update add ${name}. ${ttlSeconds} TXT "${text}"`)
  return `${[`server ${server} ${port}`, `zone ${zone}.`, `update delete ${name}. TXT`, ...added].join('\n')}\nsend\n`
}

/** Sends one update and answers what the server said: `NOERROR`, or why it was not made. All of the changes are made, or none (RFC 2136 §3.4.2.7). */
export const sendUpdate = (settings: DnsSettings, changes: readonly NameChange[]): Promise<string> =>
  send(settings, renderUpdate(settings, changes))

/** The same for the texts of one name. */
export const sendText = (settings: DnsSettings, name: string, texts: readonly string[]): Promise<string> =>
  send(settings, renderText(settings, name, texts))

/** Sends commands of nsupdate(1) that end with `send`. */
export async function send(settings: Pick<DnsSettings, 'keyFile'>, input: string): Promise<string> {
  const args = ['-t', String(ANSWER_S), '-k', settings.keyFile]
  try {
    const { exitCode, stderr } = await runToEnd('nsupdate', args, { timeoutMs: TIMEOUT_MS, input })
    return exitCode === 0 ? 'NOERROR' : readRefusal(stderr)
  } catch (error) {
    if (error instanceof AppError && error.code === 'timed_out') return 'no answer: timed out'
    throw error
  }
}
