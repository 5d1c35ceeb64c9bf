import { run } from './run.js'

const FOREVER_MS = 2 ** 31 - 1
const PATIENCE_MS = 500

/**
 * Takes the exclusive lock of a file (flock(1)), waiting for as long as another process has it; `onWait` is called once when that takes a while.
 * The kernel takes it back when this process ends, however it ends: the holder is our child and dies with us (prctl(2) PR_SET_PDEATHSIG).
 * AppError `host_failed` when `signal` says stop first, or the file cannot be made.
 */
export function lockFile(path: string, onWait: () => void, signal?: AbortSignal): Promise<{ unlock(): Promise<void> }> {
  const release = new AbortController()
  const stop = signal ? AbortSignal.any([signal, release.signal]) : release.signal
  return new Promise((resolve, reject) => {
    const timer = setTimeout(onWait, PATIENCE_MS)
    const onLine = (line: string): void => {
      if (!line.startsWith('flock: executing')) return
      clearTimeout(timer)
      resolve({
        unlock: async () => {
          release.abort()
          await holder
        },
      })
    }
    // flock tells by a line that it has the lock, and would lose that line in its buffer when it becomes the sleep.
    const flock = ['stdbuf', '--output=0', 'flock', '--exclusive', '--no-fork', '--verbose', path, 'sleep', 'infinity']
    const holder = run('setpriv', ['--pdeathsig', 'KILL', ...flock], {
      signal: stop,
      onLine,
      timeoutMs: FOREVER_MS,
    }).then(
      () => undefined,
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
