import type { TerminalSize } from '../../model/terminal.js'
import type { Caller } from './caller.js'
import { getContainer, type Hive } from './hive.js'
import { enter, enterTerminal, SITE_HOME } from './inside.js'
import { leadProgram, type ProgramTime } from './lead-program.js'
import { wake } from './wake.js'

/**
 * Gives the site's own variables, which only the site's root may read, to a program that then is the site's user's, without any capability: so no
 * value ever shows in an argument list. The change of user forgets the death signal (prctl(2)), so it is asked for anew.
 */
export const AS_SITE = [
  ...['s6-envdir', '-f', '-L', '/run/ruche/environment'],
  ...['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--bounding-set=-all', '--pdeathsig=KILL', '--'],
]

/** A shell that is hung up on keeps its history. */
const HANG_UP_MS = 2000

/** What every terminal in a browser understands. */
const LOGIN_SHELL = ['env', 'TERM=xterm-256color', 'bash', '--login']

/** Runs a program in a running container, or in one that sleeps and is woken for it, with the caller's streams. Answers its exit code. */
export async function execInside(
  hive: Hive,
  { id, argv, ...time }: { id: string; argv: string[] } & ProgramTime,
  caller: Caller,
): Promise<{ exitCode: number }> {
  const container = getContainer(hive, id)
  if (container.record.asleep) await wake(hive, container)
  const program = enter(hive, container, { uid: 0, cwd: SITE_HOME, argv: [...AS_SITE, ...argv] })
  return { exitCode: await leadProgram(program, caller, time) }
}

/** A login shell of the site's user on a terminal of the site's own, until it ends or the caller hangs up. */
export async function openTerminal(
  hive: Hive,
  { id, size }: { id: string; size: TerminalSize },
  caller: Caller,
): Promise<{ exitCode: number }> {
  const container = getContainer(hive, id)
  if (container.record.asleep) await wake(hive, container)
  const argv = [...AS_SITE, ...LOGIN_SHELL]
  const program = enterTerminal(hive, container, { uid: 0, cwd: SITE_HOME, argv })
  program.resize(size)
  caller.onResize(program.resize)
  return { exitCode: await leadProgram(program, caller, { tidyMs: HANG_UP_MS }) }
}
