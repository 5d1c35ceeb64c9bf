import {
  closeSync,
  fdatasync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface AuditFile {
  /** Adds one line of ASCII; it has left this process when this returns. Errors: those of the file system. */
  add(line: string): void
  close(): void
}

export interface AuditSizes {
  /** Of the file that is written to; a full one is set aside. */
  mostBytes: number
  /** How many full ones are kept. */
  keep: number
}

const FLUSH_AFTER_MS = 1000

/** A file that is only ever added to, on the disk within a second. Full, it goes on as `NAME.UNIX-MS`, and the oldest of too many of those goes. */
export function openAuditFile(
  path: string,
  { mostBytes, keep }: AuditSizes,
  onLost: (error: unknown) => void,
): AuditFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let file = openSync(path, 'a', 0o600)
  let sizeBytes = fstatSync(file).size
  let flush: NodeJS.Timeout | undefined
  /** A full disk cut the last line short: the next one begins on a line of its own. */
  let isTorn = false
  const setAside = (): void => {
    const last = Number(listFull(path).at(-1)?.split('.').at(-1) ?? 0)
    renameSync(path, `${path}.${Math.max(Date.now(), last + 1)}`)
    const full = file
    file = openSync(path, 'a', 0o600)
    sizeBytes = 0
    fdatasync(full, () => closeSync(full))
    for (const name of listFull(path).slice(0, -keep)) rmSync(join(dirname(path), name))
  }
  return {
    add(line) {
      if (sizeBytes > 0 && sizeBytes + line.length > mostBytes) setAside()
      const text = `${isTorn ? '\n' : ''}${line}\n`
      const written = writeSync(file, text)
      isTorn = written < text.length
      sizeBytes += written
      flush ??= setTimeout(() => {
        flush = undefined
        fdatasync(file, (error) => error && onLost(error))
      }, FLUSH_AFTER_MS).unref()
      if (isTorn) throw new Error('the line was cut short')
    },
    close() {
      clearTimeout(flush)
      closeSync(file)
    },
  }
}

/** Those that were set aside, the oldest first: their times have the same number of digits until the year 2286. */
export function listFull(path: string): string[] {
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.`) && /^\d+$/.test(name.slice(basename(path).length + 1)))
    .sort()
}
