import { AppError } from '../../model/errors.js'
import type { ProcessMark } from './processes.js'
import { run } from './run.js'

/** What `launch look` says of a container: who owns its namespaces, and the ceilings of its two user namespaces. */
export interface ContainerLook {
  owners: Readonly<Record<string, string>>
  /** Of the site's user namespace: `outer`, whose own parent is the host's. */
  parent: string
  ceilings: Readonly<Record<'outer' | 'inner', Readonly<Record<string, number>>>>
}

const GONE = 3
const TIMEOUT_MS = 5000

/** Looks from outside; undefined when its first process is gone. AppError `host_failed`. */
export async function lookIntoContainer(program: string, mark: ProcessMark): Promise<ContainerLook | undefined> {
  const args = ['look', '--pid', String(mark.pid), '--start', String(mark.startTime)]
  const { stdout, exitCode } = await run(program, args, { accept: [0, GONE], timeoutMs: TIMEOUT_MS })
  return exitCode === GONE ? undefined : parseLook(stdout)
}

/** Pure. */
export function parseLook(text: string): ContainerLook {
  const owners: Record<string, string> = {}
  const ceilings = { outer: {} as Record<string, number>, inner: {} as Record<string, number> }
  let parent = ''
  for (const line of text.trim().split('\n')) {
    const [what = '', name = '', value = ''] = line.split(' ')
    if (what === 'owner') owners[name] = value
    else if (what === 'parent') parent = name
    else if (what === 'outer' || what === 'inner') ceilings[what][name] = Number(value)
    else throw new AppError('host_failed', 'The launcher was not understood.')
  }
  return { owners, parent, ceilings }
}
