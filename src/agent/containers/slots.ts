import { join } from 'node:path'
import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findJson, writeDurably } from '../host/durable-files.js'
import { SLOTS } from './record.js'

/** When each slot was given back, as a number that only grows; a slot that is not there was never used. */
const ReleasedSlots = z.record(z.string().regex(/^\d{1,4}$/), z.int().min(1))
export type ReleasedSlots = z.infer<typeof ReleasedSlots>

/**
 * The slot whose id range was used least recently: first those never used, then the one given back longest ago.
 * AppError `limit_reached` when all are in use.
 */
export function planSlot(released: ReleasedSlots, inUse: ReadonlySet<number>): number {
  const free = Array.from({ length: SLOTS }, (_, slot) => ({ slot, released: released[slot] ?? 0 })).filter(
    ({ slot }) => !inUse.has(slot),
  )
  const best = free.reduce<(typeof free)[number] | undefined>(
    (oldest, one) => (oldest && oldest.released <= one.released ? oldest : one),
    undefined,
  )
  if (best) return best.slot
  throw new AppError('limit_reached', 'This machine has no user id range left for another site.')
}

export function planRelease(released: ReleasedSlots, slot: number): ReleasedSlots {
  const latest = Math.max(0, ...Object.values(released))
  return { ...released, [slot]: latest + 1 }
}

const FILE = 'uid-slots.json'

export async function readReleasedSlots(stateFolder: string): Promise<ReleasedSlots> {
  return (await findJson(join(stateFolder, FILE), ReleasedSlots)) ?? {}
}

export async function writeReleasedSlots(stateFolder: string, released: ReleasedSlots): Promise<void> {
  await writeDurably(join(stateFolder, FILE), `${JSON.stringify(released)}\n`, 0o600)
}
