import type { Note } from '../../model/progress.js'
import type { ProgressView } from '../progress-view.js'

/** One thing after the other, each shown with its time. */
export interface Steps {
  run<T>(name: string, work: (note: Note) => Promise<T>): Promise<T>
  say(line: string): void
  /** What is being done now. */
  current(): string | undefined
  close(): void
}

export function openSteps(view: ProgressView): Steps {
  const running: string[] = []
  return {
    async run(name, work) {
      const before = performance.now()
      running.push(name)
      view.show(name)
      try {
        const result = await work(({ step, message, percent }) => view.show(name, message ?? step, percent))
        view.finish(name, performance.now() - before)
        return result
      } finally {
        running.splice(running.indexOf(name), 1)
      }
    },
    say: (line) => view.say(line),
    current: () => running.at(-1),
    close: () => view.close(),
  }
}
