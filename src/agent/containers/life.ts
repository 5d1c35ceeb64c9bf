import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { Digest } from '../../model/names.js'
import { findJson } from '../host/durable-files.js'
import type { Watch } from '../host/launch-watch.js'
import { isAlive, type ProcessMark } from '../host/processes.js'

const LifeFile = z
  .object({
    /** The kernel's run: after a reboot the same pid and start time may be somebody else's. */
    boot: z.string(),
    pid: z.int().min(1),
    startTime: z.int().min(0),
    startedAt: z.string(),
    /** Whether its services have answered since. */
    ready: z.boolean(),
    template: Digest.optional(),
  })
  .strict()

/** What is remembered of PID 1 of a container. */
export interface LifeFacts extends ProcessMark {
  startedAt: string
  ready: boolean
  /** What it runs on, which is not what its next start will run on. Not known of a life that an agent of before began. */
  template?: string | undefined
}

/** PID 1 of a container that lives. */
export interface Life extends LifeFacts {
  /** Resolves when it has ended. */
  readonly gone: Promise<void>
}

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

function pathOf(runFolder: string, id: string): string {
  return join(runFolder, 'containers', `${id}.json`)
}

/** Written before anything of the site runs, so that no container can live unknown to a later agent. Only of use until the next reboot: not synced. */
export async function writeLife(runFolder: string, id: string, life: LifeFacts): Promise<void> {
  await mkdir(join(runFolder, 'containers'), { recursive: true, mode: 0o700 })
  const { pid, startTime, startedAt, ready, template } = life
  await writeFile(pathOf(runFolder, id), JSON.stringify({ boot: bootId, pid, startTime, startedAt, ready, template }), {
    mode: 0o600,
  })
}

/** Begins to watch a process of which `onGone` will be told once. */
export function watchLife(watch: Watch, facts: LifeFacts, onGone: (life: Life) => void): Life {
  let resolve: () => void = () => undefined
  const life: Life = { ...facts, gone: new Promise((done) => (resolve = done)) }
  watch.add(life, () => {
    resolve()
    onGone(life)
  })
  return life
}

export async function removeLife(runFolder: string, id: string): Promise<void> {
  await rm(pathOf(runFolder, id), { force: true })
}

/** The life of an earlier agent's container that still goes on: that very process lives, and it is in the container's own group. */
export async function findLife(
  runFolder: string,
  id: string,
  processes: readonly number[],
): Promise<LifeFacts | undefined> {
  const found = await findJson(pathOf(runFolder, id), LifeFile).catch(() => undefined)
  if (found?.boot !== bootId || !processes.includes(found.pid) || !isAlive(found)) return undefined
  const { boot: _, ...facts } = found
  return facts
}
