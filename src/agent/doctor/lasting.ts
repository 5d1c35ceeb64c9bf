import { setTimeout as pause } from 'node:timers/promises'
import type { Sign } from '../../model/doctor.js'

const SETTLE_MS = 150
const LOOKS = 4

/** Looks again for a while: who is let into a container is of its group before being confined. Only what stays so is at fault. */
export async function findLasting(look: () => Promise<Sign[]>): Promise<Sign[]> {
  for (let round = 1; ; round += 1) {
    const signs = await look()
    if (signs.length === 0 || round === LOOKS) return signs
    await pause(SETTLE_MS)
  }
}
