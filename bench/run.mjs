import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Standard output of a program that ends well; it may be given its standard input. */
export async function run(program, args, input) {
  const running = promisify(execFile)(program, args, { maxBuffer: 64 * 1024 ** 2 })
  // Who ends before it has read all says so by its exit code.
  running.child.stdin.on('error', () => undefined).end(input)
  return (await running).stdout
}

/** Whether a child is still there. */
export const isRunAs = (child) => child.exitCode === null && child.signalCode === null

/** Waits until `look` answers something true; it is asked again after `pauseMs`. */
export async function until(what, look, pauseMs = 50, deadlineMs = 30_000) {
  const end = performance.now() + deadlineMs
  while (performance.now() < end) {
    const found = await look().catch(() => undefined)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new Error(`not in time: ${what}`)
}
