import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { run } from './run.js'

const TIMEOUT_MS = 30_000

/** Option of ip(8) for IPv4 or IPv6. */
export type RoutingFamily = '-4' | '-6'

const RoutingRule = z.object({
  priority: z.number(),
  src: z.string().optional(),
  iif: z.string().optional(),
  fwmask: z.string().optional(),
  /** Present (and null) when the rule's conditions are turned round. */
  not: z.null().optional(),
  action: z.string().optional(),
  table: z.string().optional(),
})
/** A rule that chooses a routing table (ip-rule(8)). */
export type RoutingRule = z.infer<typeof RoutingRule>

/** The rules of the current network namespace in the order in which they are asked. AppError `host_failed`. */
export async function listRules(family: RoutingFamily): Promise<RoutingRule[]> {
  const { stdout } = await run('ip', [family, '-json', 'rule', 'show'], { timeoutMs: TIMEOUT_MS })
  const result = z.array(RoutingRule).safeParse(JSON.parse(stdout.trim() || '[]'))
  if (result.success) return result.data
  throw new AppError('host_failed', 'the routing rules cannot be understood', { cause: result.error })
}

/** Lines for `ip -batch -` (ip(8)), in one process; stops at the first that fails. AppError `host_failed`. */
export async function changeRules(family: RoutingFamily, lines: readonly string[]): Promise<void> {
  await run('ip', [family, '-batch', '-'], { stdin: `${lines.join('\n')}\n`, timeoutMs: TIMEOUT_MS })
}
