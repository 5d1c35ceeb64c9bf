import { AppError } from '../../model/errors.js'
import { ProgramFailure, run } from './run.js'

const TIMEOUT_MS = 20_000

/** Loads rules in one transaction: all of the text or nothing (`nft -f -`, nft(8)). AppError `host_failed`. */
export async function loadRules(text: string): Promise<void> {
  await run('nft', ['-f', '-'], { stdin: text, timeoutMs: TIMEOUT_MS })
}

/** Whether nft takes the text in the current network namespace; nothing is changed. Answers its complaint, or undefined. */
export async function findRuleProblem(text: string): Promise<string | undefined> {
  try {
    await run('nft', ['-c', '-f', '-'], { stdin: text, timeoutMs: TIMEOUT_MS })
    return undefined
  } catch (error) {
    if (error instanceof AppError && error.cause instanceof ProgramFailure) return error.cause.stderr
    throw error
  }
}

/** What nft answers to `list` commands, as one JSON document per command and without counters; undefined when something asked for is not there. */
export async function findRules(commands: readonly string[]): Promise<unknown[] | undefined> {
  // Given as an argument: from stdin, -j expects JSON.
  const text = commands.map((command) => `list ${command}`).join('; ')
  const { stdout, exitCode } = await run('nft', ['-j', '-s', text], { timeoutMs: TIMEOUT_MS, accept: [0, 1] })
  if (exitCode !== 0) return undefined
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown)
}
