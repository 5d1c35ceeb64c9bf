import { createHash } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import type { BackupManifest } from '../../model/backup.js'
import { syncFolder } from '../host/durable-files.js'
import { BLOCK, type DATABASE, END_BYTES, type FILES, MANIFEST, padding, renderHeader, SEAL } from './archive-layout.js'

export interface WrittenPart {
  bytes: number
  sha256: string
}

/** An archive that is being written. It has its name only once it is whole and on the disk. */
export interface ArchiveWriter {
  add(name: typeof FILES | typeof DATABASE, content: Readable): Promise<WrittenPart>
  finish(manifest: BackupManifest): Promise<void>
  /** Leaves nothing behind; after `finish` no change. */
  abandon(): Promise<void>
}

export const PARTIAL = '.partial'

export async function openArchiveWriter(path: string): Promise<ArchiveWriter> {
  const partial = `${path}${PARTIAL}`
  const file = await open(partial, 'w', 0o600)
  let end = 0
  const add = async (name: string, content: AsyncIterable<Buffer>): Promise<WrittenPart> => {
    const { bytes, sha256 } = await writeContent(file, end + BLOCK, content)
    await writeAt(file, renderHeader(name, bytes), end)
    end += BLOCK + bytes + padding(bytes)
    return { bytes, sha256 }
  }
  let isOpen = true
  return {
    add,
    async finish(manifest) {
      const text = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`)
      const { sha256 } = await add(MANIFEST, once(text))
      await add(SEAL, once(Buffer.from(`${sha256}\n`)))
      await file.truncate(end + END_BYTES)
      await file.sync()
      await file.close()
      isOpen = false
      await rename(partial, path)
      await syncFolder(dirname(path))
    },
    async abandon() {
      if (!isOpen) return
      isOpen = false
      await file.close()
      await rm(partial, { force: true })
    },
  }
}

async function writeContent(file: FileHandle, at: number, content: AsyncIterable<Buffer>): Promise<WrittenPart> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    await writeAt(file, chunk, at + bytes)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function writeAt(file: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at + done)
    done += bytesWritten
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content
}
