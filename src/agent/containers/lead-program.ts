import { pipeline } from 'node:stream/promises'
import { AppError } from '../../model/errors.js'
import type { LaunchedProgram } from '../host/launcher.js'
import { orSoon } from '../host/or-soon.js'
import type { Caller } from './caller.js'
import { NOT_STARTED } from './inside.js'

const GRANDCHILD_GRACE_MS = 500

/** What ends a program that its caller leads; absent: nothing but its own end and the caller's. */
export interface ProgramTime {
  timeoutMs?: number | undefined
  /** Nothing has gone in or out for so long. */
  silenceMs?: number | undefined
  /** It is asked to end (SIGTERM) and has so long to tidy up; absent: it is killed. */
  tidyMs?: number
}

export type ProgramStreams = Pick<Caller, 'stdin' | 'stdout' | 'stderr' | 'hungUp'>

/** Joins the caller's streams to a program's until it ends; the caller who hangs up, or the time, ends it. Answers its exit code. */
export async function leadProgram(
  program: LaunchedProgram,
  caller: ProgramStreams,
  time: ProgramTime,
): Promise<number> {
  const end = watchEnds(program, caller, time)
  // A program may end before it has read all, or close its output early.
  void pipeline(caller.stdin, end.heard, program.stdin).catch(() => undefined)
  const outputs = [
    pipeline(program.stdout, end.heard, caller.stdout, { end: false }),
    pipeline(program.stderr, end.heard, caller.stderr, { end: false }),
  ]
  try {
    const exitCode = await program.exited
    // All output was passed on, or something that the program left behind still holds it.
    await orSoon(Promise.allSettled(outputs), GRANDCHILD_GRACE_MS)
    const reason = end.reason()
    if (reason) throw reason
    if (exitCode === NOT_STARTED)
      throw new AppError('host_failed', 'The program could not be started in the container.')
    return exitCode
  } finally {
    end.unwatch()
    program.stdout.destroy()
    program.stderr.destroy()
  }
}

type Heard = (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>

interface Ends {
  /** Passes on what is heard in a stream. */
  heard: Heard
  /** Why the program was ended from outside. */
  reason(): AppError | undefined
  unwatch(): void
}

function watchEnds(program: LaunchedProgram, { hungUp }: ProgramStreams, time: ProgramTime): Ends {
  const { timeoutMs, silenceMs, tidyMs = 0 } = time
  let reason: AppError | undefined
  let tidying: NodeJS.Timeout | undefined
  const end = (why: AppError): void => {
    if (reason) return
    reason = why
    if (tidyMs > 0) program.terminate()
    tidying = setTimeout(program.kill, tidyMs)
  }
  const after = (timeMs: number | undefined, words: string): NodeJS.Timeout | undefined =>
    timeMs === undefined ? undefined : setTimeout(() => end(new AppError('timed_out', words)), timeMs)
  const timer = after(timeoutMs, `The program was ended after ${timeoutMs} ms.`)
  const silence = after(silenceMs, `The program was ended: nothing had gone in or out for ${silenceMs} ms.`)
  const onHungUp = (): void => end(new AppError('host_failed', 'The caller has gone.'))
  hungUp.addEventListener('abort', onHungUp)
  if (hungUp.aborted) onHungUp()
  return {
    async *heard(source) {
      for await (const chunk of source) {
        silence?.refresh()
        yield chunk
      }
    },
    reason: () => reason,
    unwatch() {
      clearTimeout(timer)
      clearTimeout(silence)
      clearTimeout(tidying)
      hungUp.removeEventListener('abort', onHungUp)
    },
  }
}
