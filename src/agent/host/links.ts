import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { run } from './run.js'

const TIMEOUT_MS = 30_000

/** Lines for `ip -batch -` (ip(8)) in the current network namespace, in one process; stops at the first that fails. AppError `host_failed`. */
export async function changeLinks(lines: readonly string[]): Promise<void> {
  await run('ip', ['-batch', '-'], { stdin: `${lines.join('\n')}\n`, timeoutMs: TIMEOUT_MS })
}

/** As changeLinks, but every line is tried whatever became of the others: for taking away what may be gone already. */
export async function dropLinks(lines: readonly string[]): Promise<void> {
  // 2: the kernel refused one of them (ip(8)).
  const accept = [0, 1, 2]
  await run('ip', ['-force', '-batch', '-'], { stdin: `${lines.join('\n')}\n`, timeoutMs: TIMEOUT_MS, accept })
}

/** As changeLinks, inside the network namespace of a file (`/proc/PID/ns/net`; nsenter(1)). */
export async function changeLinksInside(namespace: string, lines: readonly string[]): Promise<void> {
  const args = [`--net=${namespace}`, '--', 'ip', '-batch', '-']
  await run('nsenter', args, { stdin: `${lines.join('\n')}\n`, timeoutMs: TIMEOUT_MS })
}

/** Lines for `bridge -batch -` (bridge(8)): the forwarding table, which ip(8) cannot write. */
export async function changeBridge(lines: readonly string[]): Promise<void> {
  await run('bridge', ['-batch', '-'], { stdin: `${lines.join('\n')}\n`, timeoutMs: TIMEOUT_MS })
}

const Link = z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  address: z.string().optional(),
  master: z.string().optional(),
  /** Index of the other end of a cable, in its namespace. */
  link_index: z.number().optional(),
  linkinfo: z
    .object({
      info_kind: z.string().optional(),
      info_slave_kind: z.string().optional(),
      info_slave_data: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })).optional(),
})
export type Link = z.infer<typeof Link>

const Neighbour = z.object({ dst: z.string(), lladdr: z.string().optional(), state: z.array(z.string()) })
export type Neighbour = z.infer<typeof Neighbour>

/** Every link of the current network namespace with its addresses and bridge flags. */
export async function listLinks(): Promise<Link[]> {
  const { stdout } = await run('ip', ['-json', '-details', 'address', 'show'], { timeoutMs: TIMEOUT_MS })
  return parse(z.array(Link), stdout)
}

/** The permanent neighbour entries on one link. */
export async function listNeighbours(link: string): Promise<Neighbour[]> {
  const args = ['-json', 'neighbour', 'show', 'dev', link, 'nud', 'permanent']
  const { stdout } = await run('ip', args, { timeoutMs: TIMEOUT_MS })
  return parse(z.array(Neighbour), stdout)
}

const ForwardingEntry = z.object({ mac: z.string(), ifname: z.string(), state: z.string().optional() })
export type ForwardingEntry = z.infer<typeof ForwardingEntry>

/** The forwarding table of a bridge. */
export async function listForwarding(bridge: string): Promise<ForwardingEntry[]> {
  const { stdout } = await run('bridge', ['-json', 'fdb', 'show', 'br', bridge], { timeoutMs: TIMEOUT_MS })
  return parse(z.array(ForwardingEntry), stdout)
}

// ip(8) prints nothing at all, or empty objects, for an empty list.
function parse<T>(schema: z.ZodType<T[]>, text: string): T[] {
  if (text.trim() === '') return []
  const value: unknown = JSON.parse(text)
  const rows = Array.isArray(value) ? value.filter((row) => Object.keys(row as object).length > 0) : value
  const result = schema.safeParse(rows)
  if (result.success) return result.data
  throw new AppError('host_failed', 'the list of links cannot be understood', { cause: result.error })
}
