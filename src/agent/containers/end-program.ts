import type { LaunchedProgram } from '../host/launcher.js'
import { findChildren, findSession, findStartTime } from '../host/processes.js'
import type { Hive } from './hive.js'

const ROUNDS = 5

/** Ends a program that was run in a running container, with all that it started in its session; what made a session of its own was meant to stay. */
export function endProgram(hive: Hive, id: string, program: LaunchedProgram): void {
  // Entering makes a session: its first process is the launcher's only child.
  const session = program.pid === undefined ? undefined : findChildren(program.pid)[0]
  program.kill()
  if (session === undefined) return
  endSession(hive, id, session).catch((error: unknown) => hive.log.warn('program not ended', { id, error }))
}

async function endSession(hive: Hive, id: string, session: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const members = (await hive.cgroups.processes(id)).filter((pid) => findSession(pid) === session)
    if (members.length === 0) return
    await Promise.all(members.map((pid) => endOne(hive, pid)))
  }
}

async function endOne(hive: Hive, pid: number): Promise<void> {
  const startTime = findStartTime(pid)
  if (startTime !== undefined) await hive.launcher.signal({ pid, startTime }, 'SIGKILL')
}
