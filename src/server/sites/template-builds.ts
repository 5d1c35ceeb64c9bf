import type { Engine, TemplateBuild } from '../../engine/engine.js'
import { AppError } from '../../model/errors.js'
import type { Digest } from '../../model/names.js'
import type { Note, Progress } from '../../model/progress.js'
import { type Stack, stackName } from '../../model/stack.js'
import type { TemplateInfo } from '../../model/template-info.js'

/** Who wants a build, where it tells its progress, and whether it was given up. */
export interface BuildCall {
  by: string
  note: Note
  signal: AbortSignal
}

/** Builds of templates: one of each at a time, which everybody who needs it follows. */
export interface TemplateBuilds {
  build(wanted: Omit<TemplateBuild, 'behind'>, call: BuildCall): Promise<TemplateInfo>
  /** Digest of the template of a stack (with these packages besides), which is built when there is none. */
  ensure(stack: Stack, extra: string[], call: BuildCall): Promise<Digest>
  /** Nobody waits for this one: those that somebody waits for go first, also when they come later. It then begins again, on what it has fetched already. */
  buildBehind(wanted: Omit<TemplateBuild, 'behind'>, call: BuildCall): Promise<TemplateInfo>
}

interface Build {
  notes: Set<Note>
  last: Progress | undefined
  abort: AbortController
  done: Promise<TemplateInfo>
}

export function openTemplateBuilds(engine: Engine): TemplateBuilds {
  const builds = new Map<string, Build>()
  let behind: AbortController | undefined

  const begin = (wanted: TemplateBuild, by: string): Build => {
    const name = buildName(wanted)
    const notes = new Set<Note>()
    const abort = new AbortController()
    const tell = (progress: Progress) => {
      build.last = progress
      for (const note of notes) note(progress)
    }
    behind?.abort(new AppError('busy', 'Somebody waits for another template.'))
    const done = engine.buildTemplate(wanted, { actor: by, note: tell, signal: abort.signal }).finally(() => {
      if (builds.get(name) === build) builds.delete(name)
    })
    const build: Build = { notes, last: undefined, abort, done }
    builds.set(name, build)
    return build
  }
  const join = async (build: Build, { note, signal }: BuildCall) => {
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
  const build: TemplateBuilds['build'] = (wanted, call) =>
    join(builds.get(buildName(wanted)) ?? begin(wanted, call.by), call)
  const othersDone = async (signal: AbortSignal) => {
    while (builds.size > 0)
      await Promise.race([Promise.allSettled([...builds.values()].map(({ done }) => done)), aborted(signal)])
  }
  return {
    build,
    async ensure(stack, extra, call) {
      const name = buildName({ stack, extra })
      const built = (await engine.templates()).find((one) => one.current && buildName(one) === name)
      return (built ?? (await build({ stack, extra }, call))).digest
    },
    async buildBehind(wanted, { by, note, signal }) {
      for (;;) {
        await othersDone(signal)
        signal.throwIfAborted()
        const turn = new AbortController()
        behind = turn
        const context = { actor: by, note, signal: AbortSignal.any([signal, turn.signal]) }
        try {
          return await engine.buildTemplate({ ...wanted, behind: true }, context)
        } catch (error) {
          if (signal.aborted || !turn.signal.aborted) throw error
          note({ step: 'wait', message: 'somebody waits for another template, which goes first' })
        } finally {
          if (behind === turn) behind = undefined
        }
      }
    },
  }
}

/** One word for a stack and the packages besides it: `nginx-php-none+php8.2-imap`. */
export function buildName({ stack, extra = [] }: Pick<TemplateBuild, 'stack' | 'extra'>): string {
  return [stackName(stack), ...extra].join('+')
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
}
