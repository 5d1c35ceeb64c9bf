import type { Note } from '../../model/progress.js'

export interface Steps {
  /** Tells `note` that the step begins and, when it is done, how long it took. */
  run<T>(step: string, act: () => Promise<T>): Promise<T>
  /** What each step took, in milliseconds. */
  readonly timesMs: Readonly<Record<string, number>>
}

/** The steps of one verb, named so that an operation can time them. */
export function makeSteps(note: Note): Steps {
  const timesMs: Record<string, number> = {}
  return {
    timesMs,
    async run(step, act) {
      note({ step })
      const begin = performance.now()
      const result = await act()
      const timeMs = Math.round((performance.now() - begin) * 10) / 10
      timesMs[step] = timeMs
      note({ step, message: `${timeMs} ms` })
      return result
    },
  }
}
