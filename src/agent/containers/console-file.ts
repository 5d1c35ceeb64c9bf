import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

const MAX_BYTES = 1024 ** 2
const TAIL_BYTES = 256 * 1024

/** A log of the host's own about one container, never larger than two files of 1 MiB. Only the agent ever has it open. */
export interface ConsoleFile {
  add(chunk: Buffer): void
  /** The last bytes, at most 256 KiB. */
  tail(): Promise<string>
  remove(): void
}

export function consoleFile(path: string): ConsoleFile {
  const older = `${path}.1`
  let sizeBytes = existsSync(path) ? statSync(path).size : 0
  const append = (chunk: Buffer): void => {
    if (sizeBytes + chunk.length > MAX_BYTES) {
      renameSync(path, older)
      sizeBytes = 0
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, chunk, { mode: 0o600 })
    sizeBytes += chunk.length
  }
  return {
    add(chunk) {
      try {
        append(chunk)
      } catch {
        // The disk of the host is full: what a site says matters less than that it runs.
      }
    },
    tail: async () => `${await readEnd(older)}${await readEnd(path)}`.slice(-TAIL_BYTES),
    remove: () => rmSync(dirname(path), { recursive: true, force: true }),
  }
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}
