import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { stackName } from '../../model/stack.js'
import type { Caller } from './caller.js'
import { makeFrom } from './create.js'
import { type Container, getContainer, type Hive } from './hive.js'
import { runOver } from './inside.js'
import { imagePath, uidBaseOf } from './record.js'

/** How long a running site may be held still; its visitors wait meanwhile. */
export const MOST_FROZEN_MS = 2000

/** Group of the programs that work on an image which is no running container's; the dot keeps it apart from those. */
export const workGroup = (id: string): string => `.work-${id}`

/**
 * Makes a container whose image is a copy of another one's, as that is at one point in time; it has its own settings, and its own SFTP host
 * keys from its first start on. The same spec again: no change. The source goes on, held still for a moment.
 */
export async function copyContainer(
  hive: Hive,
  from: string,
  spec: ContainerSpec,
  caller: Pick<Caller, 'note'>,
): Promise<ContainerStatus> {
  // Always in the same order, so that two copies can never wait for each other.
  const [first = '', second = ''] = [from, spec.id].sort()
  if (first === second) throw new AppError('invalid', 'A container cannot be a copy of itself.')
  return hive.locks.run(first, () => hive.locks.run(second, () => copy(hive, getContainer(hive, from), spec, caller)))
}

function copy(
  hive: Hive,
  source: Container,
  spec: ContainerSpec,
  caller: Pick<Caller, 'note'>,
): Promise<ContainerStatus> {
  const { record } = source
  checkSource(source, spec)
  return makeFrom(hive, spec, caller, {
    template: record.template,
    begun: record.begun,
    fill: async (path, container, steps) => {
      await steps.run('snapshot', () => snapshotOf(hive, source, path))
      if (record.begun) await steps.run('identity', () => forgetIdentity(hive, path, container))
    },
  })
}

function checkSource({ id, record }: Container, spec: ContainerSpec): void {
  if (record.wanted === 'absent') throw new AppError('conflict', `${id} is being destroyed.`)
  if (stackName(record.spec.stack) !== stackName(spec.stack))
    throw new AppError('invalid', `A copy of ${id} has its stack: ${stackName(record.spec.stack)}.`, {
      fields: [{ path: 'stack', message: 'not that of the original' }],
    })
  if (spec.limits.diskBytes < record.spec.limits.diskBytes)
    throw new AppError('invalid', "The disk of a copy cannot be smaller than the original's.", {
      fields: [{ path: 'limits.diskBytes', message: 'not less than that of the original' }],
    })
}

/** Copies a container's image to `path`. The caller holds the container's lock. */
export async function snapshotOf(hive: Hive, { id, life }: Container, path: string): Promise<{ frozenMs: number }> {
  const { pid, startTime } = life ?? {}
  const mark = pid !== undefined && startTime !== undefined ? { pid, startTime } : undefined
  const snapshot = await hive.launcher.snapshot({
    image: imagePath(hive.settings.stateFolder, id),
    to: path,
    ...(mark && { mark }),
    frozenMs: MOST_FROZEN_MS,
  })
  hive.log.info('snapshot', { id, ...snapshot })
  return snapshot
}

/** Whoever trusts the original's SFTP server must not take the copy for it. */
async function forgetIdentity(hive: Hive, image: string, { id, record }: Container): Promise<void> {
  const { manifest, tree } = await hive.templates.get(record.template)
  const root = { templateTree: tree, image, uidBase: uidBaseOf(record.slot), data: manifest.data }
  const answer = await runOver(hive, root, workGroup(id), record.spec.limits, {
    uid: 0,
    cwd: '/',
    argv: ['find', '/etc/ssh/site', '-xdev', '-mindepth', '1', '-delete'],
    timeoutMs: 60_000,
    maxBytes: 4096,
  })
  if (answer.exitCode === 0) return
  throw new AppError('host_failed', 'The copy could not be given its own SFTP host keys.', {
    cause: new Error(answer.stderr),
  })
}
