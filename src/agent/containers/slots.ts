import { join } from 'node:path'
import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findJson, writeDurably } from '../host/durable-files.js'
import type { Locks } from './locks.js'
import { SLOTS } from './record.js'

/**
 * What is known of each slot: 0 while it is given out, then when it was given back, as a number that only grows; one that is not there was never
 * used. A slot stays given out until nothing that its range owned is left, also when its site's record can no longer be read.
 */
const Slots = z.record(z.string().regex(/^\d{1,4}$/), z.int().min(0))
export type Slots = z.infer<typeof Slots>

/**
 * The slot whose id range was used least recently: first those never used, then the one given back longest ago.
 * AppError `limit_reached` when all are given out.
 */
export function planSlot(slots: Slots): number {
  const free = Array.from({ length: SLOTS }, (_, slot) => ({ slot, released: slots[slot] ?? -1 })).filter(
    ({ released }) => released !== 0,
  )
  const best = free.reduce<(typeof free)[number] | undefined>(
    (oldest, one) => (oldest && oldest.released <= one.released ? oldest : one),
    undefined,
  )
  if (best) return best.slot
  throw new AppError('limit_reached', 'This machine has no user id range left for another site.')
}

export function planRelease(slots: Slots, slot: number): Slots {
  const latest = Math.max(0, ...Object.values(slots))
  return { ...slots, [slot]: latest + 1 }
}

export function planGivenOut(slots: Slots, given: readonly number[]): Slots {
  return { ...slots, ...Object.fromEntries(given.map((slot) => [slot, 0])) }
}

/** Gives back what no record holds: a creation or destruction was cut off in the middle. */
export function planLostReleased(slots: Slots, held: ReadonlySet<number>): Slots {
  const lost = Object.keys(slots).filter((slot) => slots[slot] === 0 && !held.has(Number(slot)))
  return lost.reduce((left, slot) => planRelease(left, Number(slot)), slots)
}

const FILE = 'uid-slots.json'

export async function readSlots(stateFolder: string): Promise<Slots> {
  return (await findJson(join(stateFolder, FILE), Slots)) ?? {}
}

/** What of the hive it takes. */
interface SlotKeeper {
  readonly settings: { stateFolder: string }
  readonly locks: Locks
  slots: Slots
}

/** Makes what is known now durable; several at once follow one another, so the last word stays. */
export async function keepSlots(hive: SlotKeeper): Promise<void> {
  await hive.locks.run('.slots', () =>
    writeDurably(join(hive.settings.stateFolder, FILE), `${JSON.stringify(hive.slots)}\n`, 0o600),
  )
}
