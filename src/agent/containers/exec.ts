import { pipeline } from 'node:stream/promises'
import { AppError } from '../../model/errors.js'
import { orSoon } from '../host/or-soon.js'
import type { Caller } from './caller.js'
import { getContainer, type Hive } from './hive.js'
import { enter, SITE_HOME } from './inside.js'

/**
 * Gives the site's own variables, which only the site's root may read, to a program that then is the site's user's, without any capability: so no
 * value ever shows in an argument list. The change of user forgets the death signal (prctl(2)), so it is asked for anew.
 */
const AS_SITE = [
  ...['s6-envdir', '-f', '-L', '/run/ruche/environment'],
  ...['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--bounding-set=-all', '--pdeathsig=KILL', '--'],
]
const NOT_STARTED = 125
const GRANDCHILD_GRACE_MS = 500

/** Runs a program in a running container with the caller's streams; the caller who hangs up, or the time limit, ends it. Answers its exit code. */
export async function execInside(
  hive: Hive,
  { id, argv, timeoutMs }: { id: string; argv: string[]; timeoutMs: number },
  caller: Caller,
): Promise<{ exitCode: number }> {
  const program = enter(hive, getContainer(hive, id), { uid: 0, cwd: SITE_HOME, argv: [...AS_SITE, ...argv] })
  const end = program.kill
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    end()
  }, timeoutMs)
  caller.hungUp.addEventListener('abort', end)
  if (caller.hungUp.aborted) end()
  // A program may end before it has read all, or close its output early.
  void pipeline(caller.stdin, program.stdin).catch(() => undefined)
  const outputs = [
    pipeline(program.stdout, caller.stdout, { end: false }),
    pipeline(program.stderr, caller.stderr, { end: false }),
  ]
  try {
    const exitCode = await program.exited
    // All output was passed on, or something that the program left behind still holds it.
    await orSoon(Promise.allSettled(outputs), GRANDCHILD_GRACE_MS)
    if (isLate) throw new AppError('timed_out', `The program was ended after ${timeoutMs} ms.`)
    if (caller.hungUp.aborted) throw new AppError('host_failed', 'The caller has gone.')
    if (exitCode === NOT_STARTED)
      throw new AppError('host_failed', 'The program could not be started in the container.')
    return { exitCode }
  } finally {
    clearTimeout(timer)
    caller.hungUp.removeEventListener('abort', end)
    program.stdout.destroy()
    program.stderr.destroy()
  }
}
