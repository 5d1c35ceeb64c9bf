import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { replaceFile } from '../group-files.js'

/** How the tries for one certificate went; kept on disk, so that a server that is started again and again spends no more tries. */
export const Trial = z.object({ failures: z.int().min(0), message: z.string(), nextTryAt: z.iso.datetime() }).strict()
export type Trial = z.infer<typeof Trial>

export interface Pauses {
  firstMs: number
  longestMs: number
}

/**
 * Authorities count failed tries: Let's Encrypt refuses a name for the rest of an hour after five. Five pauses that double from 130 seconds take more than an
 * hour, also when each is as short as it may be; later there is one try a day.
 */
export const PAUSES: Pauses = { firstMs: 130_000, longestMs: 86_400_000 }
const UNEVEN = 0.2

/** After another failure: the pause doubles, is a little uneven so that many names do not come at once, and is never shorter than the authority asks for. */
export function planTrial(
  before: Trial | undefined,
  failure: { message: string; waitMs?: number | undefined },
  nowMs: number,
  pauses: Pauses = PAUSES,
): Trial {
  const failures = (before?.failures ?? 0) + 1
  const doubled = Math.min(pauses.longestMs, pauses.firstMs * 2 ** (failures - 1))
  const uneven = doubled * (1 + UNEVEN * (Math.random() - 0.5))
  const pauseMs = Math.max(uneven, failure.waitMs ?? 0)
  return { failures, message: failure.message, nextTryAt: new Date(nowMs + pauseMs).toISOString() }
}

const fileIn = (folder: string) => join(folder, 'trial.json')

export async function readTrial(folder: string): Promise<Trial | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const parsed = Trial.safeParse(parse(text))
  return parsed.success ? parsed.data : undefined
}

export const writeTrial = (folder: string, trial: Trial): Promise<void> =>
  replaceFile(fileIn(folder), JSON.stringify(trial), 0o600)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
