import type { Note } from '../../model/progress.js'

export interface Steps {
  /** Tells `note` that the step begins and, when it is done, how long it took. */
  run<T>(step: string, act: () => Promise<T>): Promise<T>
  /** A step beside the one that runs: told of once, when it is done. */
  runBeside<T>(step: string, act: () => Promise<T>): Promise<T>
  /** What each step took, in milliseconds. */
  readonly timesMs: Readonly<Record<string, number>>
}

/** The steps of one verb, named so that an operation can time them. */
export function makeSteps(note: Note): Steps {
  const timesMs: Record<string, number> = {}
  const time = async <T>(step: string, act: () => Promise<T>): Promise<T> => {
    const begin = performance.now()
    const result = await act()
    const durationMs = Math.round((performance.now() - begin) * 10) / 10
    timesMs[step] = durationMs
    note({ step, message: `${durationMs} ms`, durationMs })
    return result
  }
  return {
    timesMs,
    run(step, act) {
      note({ step })
      return time(step, act)
    },
    runBeside: time,
  }
}
