import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { isAlive, type ProcessMark } from './processes.js'

/** Tells when processes end, also those that are not our children. */
export interface Watch {
  /** `onGone` is called once, soon after that process ended; at once when it is gone already. */
  add(mark: ProcessMark, onGone: () => void): void
  /** Forgets a process without a word. */
  remove(mark: ProcessMark): void
  /** Ends the observer. */
  close(): void
}

type Observer = ChildProcessByStdio<Writable, Readable, null>

const RESTART_DELAY_MS = 200
const LOOK_INTERVAL_MS = 1_000

const keyOf = (mark: ProcessMark): string => `${mark.pid} ${mark.startTime}`

/**
 * Keeps one `launch watch` (epoll on pidfds) running. Should it die, everything still watched is given to the next one; and while none can be
 * started, a look at /proc every second does its work.
 */
export function openWatch(program: string): Watch {
  const watched = new Map<string, { mark: ProcessMark; onGone: () => void }>()
  let observer: Observer | undefined
  let restart: NodeJS.Timeout | undefined
  let closed = false

  const tell = (key: string): void => {
    const entry = watched.get(key)
    watched.delete(key)
    entry?.onGone()
  }
  const begin = (): void => {
    restart = undefined
    observer = spawn(program, ['watch'], { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
    observer.stdin.on('error', () => undefined)
    createInterface({ input: observer.stdout }).on('line', (line) => tell(line.replace(/^gone /, '')))
    for (const event of ['error', 'exit']) observer.once(event, again)
    for (const key of watched.keys()) observer.stdin.write(`${key}\n`)
  }
  const again = (): void => {
    observer = undefined
    if (!closed) restart ??= setTimeout(begin, RESTART_DELAY_MS)
  }
  const look = setInterval(() => {
    if (observer !== undefined) return
    for (const [key, { mark }] of watched) if (!isAlive(mark)) tell(key)
  }, LOOK_INTERVAL_MS)
  begin()

  return {
    add: (mark, onGone) => {
      watched.set(keyOf(mark), { mark, onGone })
      observer?.stdin.write(`${keyOf(mark)}\n`)
    },
    remove: (mark) => void watched.delete(keyOf(mark)),
    close: () => {
      closed = true
      clearInterval(look)
      clearTimeout(restart)
      observer?.stdin.end()
    },
  }
}
