import { readFile, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { findStartTime, isAlive } from './process-identity.js'
import { waitUntil } from './wait-until.js'

const Children = z.array(z.object({ name: z.string(), pid: z.int().min(2), startTime: z.string() }))
type Child = z.infer<typeof Children>[number]

/** The processes of one `up`, on disk: when it dies at once, the next one knows whom to wait for. */
export interface ChildrenFile {
  add(name: string, pid: number): Promise<void>
}

export function openChildrenFile(path: string): ChildrenFile {
  const children = new Map<string, Child>()
  return {
    async add(name, pid) {
      const startTime = await findStartTime(pid)
      if (startTime === undefined) return
      children.set(name, { name, pid, startTime })
      await writeFile(path, JSON.stringify([...children.values()]), { mode: 0o600 })
    },
  }
}

/** Waits until the processes of an `up` that was killed have ended, as they do by themselves; ends those that do not. */
export async function endPreviousChildren(path: string, say: (line: string) => void): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '[]')
  const known = Children.safeParse(parseJson(text)).data ?? []
  for (const child of known) {
    if (!(await isAlive(child))) continue
    say(`The ${child.name} of an earlier run still ends (process ${child.pid}).`)
    await endChild(child)
  }
}

async function endChild(child: Child): Promise<void> {
  const isGone = async () => !(await isAlive(child))
  for (const signal of [undefined, 'SIGTERM', 'SIGKILL'] as const) {
    if (signal && (await isAlive(child))) process.kill(child.pid, signal)
    const gone = await waitUntil(child.name, isGone, 10_000).then(
      () => true,
      () => false,
    )
    if (gone) return
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
