import { setImmediate as turn } from 'node:timers/promises'

/** A pipe that its writer has left holds little: a few turns of the loop read it, however late we are. */
const TURNS = 4

/**
 * Waits for the ends of an ended program's output, but not for what it left behind and that may hold them for ever. All that the program itself wrote is
 * read when this resolves: several ends are noticed at once, one of them perhaps before its last words, and on a busy machine the time may be over
 * before the loop has looked at them.
 */
export async function orSoon(ends: Promise<unknown>, graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, graceMs)
  })
  const ended = ends.then(() => true)
  const isEnded = await Promise.race([ended, late])
  clearTimeout(timer)
  for (let left = isEnded === true ? 0 : TURNS; left > 0; left -= 1) await turn()
}
