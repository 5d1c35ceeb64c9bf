import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Standard output of a program that ends well. */
export async function run(program, args) {
  return (await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 ** 2 })).stdout
}

/** Whether a child is still there. */
export const isRunAs = (child) => child.exitCode === null && child.signalCode === null

/** Waits until `look` answers something true, at most half a minute. */
export async function until(what, look) {
  const end = performance.now() + 30_000
  while (performance.now() < end) {
    const found = await look().catch(() => undefined)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`not in time: ${what}`)
}
