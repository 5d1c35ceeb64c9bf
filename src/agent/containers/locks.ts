/** One queue per key: acts on the same key run one after the other, in the order in which they were asked for. */
export interface Locks {
  run<T>(key: string, act: () => Promise<T>): Promise<T>
  isBusy(key: string): boolean
}

export function makeLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(key, act) {
      const before = tails.get(key) ?? Promise.resolve()
      const turn = before.then(act, act)
      const tail = turn.then(
        () => undefined,
        () => undefined,
      )
      tails.set(key, tail)
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
      return turn
    },
    isBusy: (key) => tails.has(key),
  }
}
