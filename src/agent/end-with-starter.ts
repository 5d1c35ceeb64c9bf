import { fstatSync } from 'node:fs'

/** Calls back when whoever started us is gone: then the pipe that is our standard input ends. Without such a pipe (a service manager, a terminal) never. */
export function onStarterGone(end: () => void): void {
  const stdin = fstatSync(0)
  if (!stdin.isFIFO() && !stdin.isSocket()) return
  process.stdin.once('end', end).once('error', end).resume()
}
