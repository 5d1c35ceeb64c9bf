import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { BackupManifest } from '../../model/backup.js'
import {
  BLOCK,
  DATABASE,
  damaged,
  END_BYTES,
  FILES,
  MANIFEST,
  MOST_MANIFEST_BYTES,
  padding,
  readHeader,
  SEAL,
} from './archive-layout.js'

export type PartName = typeof FILES | typeof DATABASE

/** An archive of ours whose outline is as it should be; its parts are believed only after `check`. */
export interface Archive {
  manifest: BackupManifest
  sizeBytes: number
  /** AppError `invalid` when a part is not what was written. */
  check(): Promise<void>
  /** A part as it lies there, compressed. */
  read(part: PartName): Readable
  close(): Promise<void>
}

interface Place {
  at: number
  bytes: number
}

/** AppError `invalid` for what is no whole archive of ours. */
export async function openArchive(path: string): Promise<Archive> {
  const file = await open(path, 'r')
  try {
    const { places, manifest, sizeBytes } = await readOutline(file)
    const read = (name: PartName): Readable => {
      const place = places.get(name)
      if (!place) throw damaged(`${name} is missing`)
      return Readable.from(chunksOf(file, place), { objectMode: false })
    }
    return {
      manifest,
      sizeBytes,
      read,
      async check() {
        await checkPart(read(FILES), FILES, manifest.files.sha256)
        if (manifest.database) await checkPart(read(DATABASE), DATABASE, manifest.database.sha256)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readOutline(file: FileHandle) {
  const { size: sizeBytes } = await file.stat()
  const places = new Map<string, Place>()
  let at = 0
  for (const name of [FILES, DATABASE, MANIFEST, SEAL]) {
    const bytes = readHeader(await readAt(file, at, BLOCK), name)
    if (bytes === undefined && name === DATABASE) continue
    if (bytes === undefined || at + BLOCK + bytes > sizeBytes) throw damaged(`${name} is missing`)
    places.set(name, { at: at + BLOCK, bytes })
    const pad = await readAt(file, at + BLOCK + bytes, padding(bytes))
    if (pad.some((byte) => byte !== 0)) throw damaged(`after ${name}`)
    at += BLOCK + bytes + padding(bytes)
  }
  const rest = await readAt(file, at, END_BYTES)
  if (sizeBytes !== at + END_BYTES || rest.some((byte) => byte !== 0)) throw damaged('its end')
  return { places, sizeBytes, manifest: await readManifest(file, places) }
}

async function readManifest(file: FileHandle, places: Map<string, Place>): Promise<BackupManifest> {
  const place = places.get(MANIFEST)
  const seal = places.get(SEAL)
  if (!place || !seal || place.bytes > MOST_MANIFEST_BYTES) throw damaged(MANIFEST)
  const text = await readAt(file, place.at, place.bytes)
  const sum = `${createHash('sha256').update(text).digest('hex')}\n`
  if (seal.bytes !== sum.length || (await readAt(file, seal.at, seal.bytes)).toString('latin1') !== sum)
    throw damaged(MANIFEST)
  const manifest = BackupManifest.safeParse(parse(text.toString('utf8')))
  if (!manifest.success) throw damaged(MANIFEST)
  const { files, database } = manifest.data
  if (places.get(FILES)?.bytes !== files.bytes || places.get(DATABASE)?.bytes !== database?.bytes)
    throw damaged('sizes of its parts')
  if (files.bytes === 0 || database?.bytes === 0) throw damaged('an empty part')
  return manifest.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done)
    if (bytesRead === 0) throw damaged('it ends too early')
    done += bytesRead
  }
  return buffer
}

const CHUNK_BYTES = 256 * 1024

/** Not a stream of the file's own: the end of one closes the file for all. */
async function* chunksOf(file: FileHandle, { at, bytes }: Place): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes; ) {
    const chunk = await readAt(file, at + done, Math.min(CHUNK_BYTES, bytes - done))
    done += chunk.length
    yield chunk
  }
}

/** Reads a part to its end and compares; whoever passes it on later can rely on it. */
async function checkPart(content: Readable, name: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of content) hash.update(chunk as Buffer)
  if (hash.digest('hex') !== sha256) throw damaged(name)
}
