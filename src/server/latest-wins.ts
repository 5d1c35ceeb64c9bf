/**
 * Runs `work` one at a time. Who calls while it runs waits for one more run, which is given the value of the last caller:
 * for work that brings about a whole state, a crowd of changes costs two runs.
 */
export function latestWins<T>(work: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let running: Promise<void> | undefined
  let waiting: { value: T; done: Promise<void> } | undefined
  const begin = (value: T) => {
    const run = work(value).finally(() => {
      if (running === run) running = undefined
    })
    running = run
    return run
  }
  return (value) => {
    if (waiting) {
      waiting.value = value
      return waiting.done
    }
    if (!running) return begin(value)
    const before = running
    const next = { value, done: Promise.resolve() }
    next.done = before
      .catch(() => undefined)
      .then(() => {
        waiting = undefined
        return begin(next.value)
      })
    waiting = next
    return next.done
  }
}
