import type { Engine } from '../../engine/engine.js'
import type { Note, Progress } from '../../model/progress.js'
import { type Stack, stackName } from '../../model/stack.js'
import type { TemplateInfo } from '../../model/template-info.js'

/** Builds of templates: one per stack at a time, which everybody who needs it follows. */
export interface TemplateBuilds {
  build(stack: Stack, force: boolean, by: string, note: Note, signal: AbortSignal): Promise<TemplateInfo>
  /** Builds the stack's template when there is none. */
  ensure(stack: Stack, by: string, note: Note, signal: AbortSignal): Promise<void>
}

interface Build {
  notes: Set<Note>
  last: Progress | undefined
  abort: AbortController
  done: Promise<TemplateInfo>
}

export function openTemplateBuilds(engine: Engine): TemplateBuilds {
  const builds = new Map<string, Build>()

  const begin = (stack: Stack, force: boolean, by: string): Build => {
    const name = stackName(stack)
    const notes = new Set<Note>()
    const abort = new AbortController()
    const tell = (progress: Progress) => {
      build.last = progress
      for (const note of notes) note(progress)
    }
    const done = engine.buildTemplate(stack, force, { actor: by, note: tell, signal: abort.signal }).finally(() => {
      if (builds.get(name) === build) builds.delete(name)
    })
    const build: Build = { notes, last: undefined, abort, done }
    builds.set(name, build)
    return build
  }
  const join = async (build: Build, note: Note, signal: AbortSignal) => {
    build.notes.add(note)
    if (build.last) note(build.last)
    try {
      return await Promise.race([build.done, aborted(signal)])
    } finally {
      build.notes.delete(note)
      // The last one who waited gave up: nobody wants it any more.
      if (build.notes.size === 0) {
        build.abort.abort()
        for (const [name, one] of builds) if (one === build) builds.delete(name)
      }
    }
  }
  const build = (stack: Stack, force: boolean, by: string, note: Note, signal: AbortSignal) =>
    join(builds.get(stackName(stack)) ?? begin(stack, force, by), note, signal)
  return {
    build,
    async ensure(stack, by, note, signal) {
      const { built } = await engine.choices()
      if (!built.includes(stackName(stack))) await build(stack, false, by, note, signal)
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
}
