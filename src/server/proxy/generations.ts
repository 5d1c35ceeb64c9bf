import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ensureFolder, setAccess } from '../certificates/group-files.js'
import type { ProxyFiles } from './proxy-input.js'

const GENERATION = /^g-[0-9a-z]+-[0-9a-f]{8}$/
/** The last good one, and the one before it. */
const KEPT = 2

/** The folder of the front proxy's configurations: one folder per generation, never changed once written, and a link `current` that is swapped in one step. */
export interface Generations {
  /** Absolute folder of a generation. */
  folder(generation: string): string
  newName(): string
  findCurrent(): Promise<string | undefined>
  /** Whether a generation's files on disk are exactly these. */
  isWritten(generation: string, files: ProxyFiles): Promise<boolean>
  write(generation: string, files: ProxyFiles): Promise<void>
  remove(generation: string): Promise<void>
  /** Points `current` at a generation. */
  swap(generation: string): Promise<void>
  /** Removes all but the newest, the current one among them. */
  prune(): Promise<void>
}

export function openGenerations(root: string): Generations {
  const folder = (generation: string) => join(root, generation)
  const link = join(root, 'current')
  const findCurrent = async () => {
    const target = basename(await readlink(link).catch(() => ''))
    return GENERATION.test(target) ? target : undefined
  }
  return {
    folder,
    newName: () => `g-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`,
    findCurrent,
    isWritten: async (generation, files) => {
      const found = await readdir(folder(generation)).catch(() => [])
      if (found.sort().join() !== Object.keys(files).sort().join()) return false
      const texts = await Promise.all(found.map((name) => readFile(join(folder(generation), name), 'utf8')))
      return found.every((name, index) => files[name] === texts[index])
    },
    write: async (generation, files) => {
      await mkdir(root, { recursive: true, mode: 0o750 })
      await ensureFolder(folder(generation), 0o750)
      for (const [name, text] of Object.entries(files)) {
        const path = join(folder(generation), name)
        // Not forced to the disk: what a power cut takes is seen and rendered again.
        await writeFile(path, text, { flag: 'wx', mode: 0o640 })
        await setAccess(path, 0o640)
      }
    },
    remove: (generation) => rm(folder(generation), { recursive: true, force: true }),
    swap: async (generation) => {
      const temporary = join(root, `.current-${randomBytes(4).toString('hex')}`)
      await symlink(generation, temporary)
      await rename(temporary, link)
    },
    prune: async () => {
      const current = await findCurrent()
      const names = await readdir(root)
      const old = names.filter((name) => GENERATION.test(name) && name !== current).sort()
      const gone = [
        ...old.slice(0, Math.max(0, old.length - (KEPT - 1))),
        ...names.filter((name) => name.startsWith('.')),
      ]
      for (const name of gone) await rm(join(root, name), { recursive: true, force: true })
    },
  }
}
