import { keepObserver } from './observer.js'
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

const LOOK_INTERVAL_MS = 1_000

const keyOf = (mark: ProcessMark): string => `${mark.pid} ${mark.startTime}`

/**
 * Keeps one `launch watch` (epoll on pidfds) running. Should it die, everything still watched is given to the next one; and while none can be
 * started, a look at /proc every second does its work.
 */
export function openWatch(program: string): Watch {
  const watched = new Map<string, { mark: ProcessMark; onGone: () => void }>()
  const tell = (key: string): void => {
    const entry = watched.get(key)
    watched.delete(key)
    entry?.onGone()
  }
  const observer = keepObserver(program, ['watch'], {
    onLine: (line) => tell(line.replace(/^gone /, '')),
    onBegin: ({ say }) => {
      for (const key of watched.keys()) say(key)
    },
  })
  const look = setInterval(() => {
    if (observer.isThere()) return
    for (const [key, { mark }] of watched) if (!isAlive(mark)) tell(key)
  }, LOOK_INTERVAL_MS)
  return {
    add: (mark, onGone) => {
      watched.set(keyOf(mark), { mark, onGone })
      observer.say(keyOf(mark))
    },
    remove: (mark) => void watched.delete(keyOf(mark)),
    close: () => {
      clearInterval(look)
      observer.close()
    },
  }
}
