import { type FileHandle, open } from 'node:fs/promises'

/** Rows of equal steps: the row of a time has a fixed place, and the oldest is written over. */
export interface Ring {
  stepMs: number
  rows: number
}

/** One row: when its step begins, in milliseconds since 1970, then the values; NaN is unknown. */
const BYTES = 8

/**
 * Rings in one file of fixed size. No row points to another, so whatever a crash cuts short is one row, and a row whose time is not the one that is asked for
 * counts as absent.
 */
export interface RingFile {
  write(ring: number, atMs: number, values: Float64Array): Promise<void>
  /** `count` rows from the step of `fromMs` on; undefined where nothing was written. */
  read(ring: number, fromMs: number, count: number): Promise<(Float64Array | undefined)[]>
  close(): Promise<void>
}

/** Opens or makes it. One of other rings or columns (`mark`) is begun anew. */
export async function openRingFile(path: string, mark: string, rings: Ring[], columns: number): Promise<RingFile> {
  const header = Buffer.from(mark.padEnd(512).slice(0, 512))
  const file = await openMarked(path, header)
  const rowBytes = (columns + 1) * BYTES
  const starts = rings.map(
    (_, n) => header.length + rings.slice(0, n).reduce((sum, { rows }) => sum + rows, 0) * rowBytes,
  )
  const ringOf = (n: number): Ring & { start: number } => {
    const ring = rings[n]
    const start = starts[n]
    if (!ring || start === undefined) throw new Error(`there is no ring ${n}`)
    return { ...ring, start }
  }
  return {
    async write(n, atMs, values) {
      const { stepMs, rows, start } = ringOf(n)
      const step = Math.floor(atMs / stepMs)
      const row = Float64Array.of(step * stepMs, ...values)
      await file.write(new Uint8Array(row.buffer), 0, rowBytes, start + (step % rows) * rowBytes)
    },
    async read(n, fromMs, count) {
      const { stepMs, rows, start } = ringOf(n)
      const first = Math.floor(fromMs / stepMs)
      // Around the end of the ring in two parts.
      const head = Math.min(count, rows - (first % rows))
      const numbers = new Float64Array(count * (columns + 1))
      const bytes = new Uint8Array(numbers.buffer)
      await file.read(bytes, 0, head * rowBytes, start + (first % rows) * rowBytes)
      if (head < count) await file.read(bytes, head * rowBytes, (count - head) * rowBytes, start)
      return Array.from({ length: count }, (_, index) => {
        const at = index * (columns + 1)
        return numbers[at] === (first + index) * stepMs ? numbers.slice(at + 1, at + 1 + columns) : undefined
      })
    },
    close: () => file.close(),
  }
}

async function openMarked(path: string, header: Buffer): Promise<FileHandle> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return open(path, 'wx+', 0o600)
  })
  const { buffer } = await file.read(Buffer.alloc(header.length), 0, header.length, 0)
  if (!buffer.equals(header)) {
    await file.truncate(0)
    await file.write(header, 0, header.length, 0)
  }
  return file
}
