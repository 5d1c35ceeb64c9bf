import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { run } from './run.js'

const TIMEOUT_MS = 20_000

/** Loads rules in one transaction: all of the text or nothing (`nft -f -`, nft(8)). AppError `host_failed`. */
export async function loadRules(text: string): Promise<void> {
  await run('nft', ['-f', '-'], { stdin: text, timeoutMs: TIMEOUT_MS })
}

const Listing = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) })

/** One object of a table: `{rule: …}`, `{chain: …}`, `{set: …}`, `{map: …}`, `{counter: …}`. */
export type RuleObject = Record<string, unknown>

/**
 * All objects of a table (`inet ruche`), rules without their counts; undefined when there is no such table. `terse`: without the elements of sets,
 * which anybody outside may have filled with thousands. (Several `list` commands in one call would be one spawn less, but nft 1.0 confuses their caches.)
 */
export async function findTable(table: string, options: { terse: boolean }): Promise<RuleObject[] | undefined> {
  const args = ['-j', '-s', ...(options.terse ? ['-t'] : []), 'list', 'table', ...table.split(' ')]
  const { stdout, stderr, exitCode } = await run('nft', args, { timeoutMs: TIMEOUT_MS, accept: [0, 1] })
  if (exitCode === 0) return Listing.parse(JSON.parse(stdout)).nftables
  if (stderr.includes('No such file or directory')) return undefined
  throw new AppError('host_failed', 'the firewall cannot be read', { cause: new Error(stderr) })
}
