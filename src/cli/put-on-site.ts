import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../model/errors.js'
import { formatSize } from '../model/sizes.js'
import type { FileWork as Work } from './file-work.js'
import { toSitePath } from './site-path.js'

interface Tell {
  put: { files: number; sizeBytes: number }
  show(file: string): void
}

/** Copies a file or a folder of this machine to a site (`-`: what comes on standard input), over what is there. */
export async function putOnSite(work: Work, [from = '', to]: string[]): Promise<void> {
  if (to === undefined && from === '-') throw new AppError('invalid', 'put: name the file that standard input becomes')
  const { context } = work
  const path = toSitePath(to === undefined || to.endsWith('/') ? `${to ?? 'public/'}${basename(from)}` : to)
  const progress = context.openProgress()
  const put = { files: 0, sizeBytes: 0 }
  const tell = { put, show: (file: string) => progress.show('put', `${file} (${formatSize(put.sizeBytes)})`) }
  try {
    const version = from === '-' ? await putInput(work, path, tell) : await putLocal(work, from, path, tell)
    progress.close()
    const files = put.files === 1 ? '' : `, ${put.files} files`
    const document = { path, ...put, ...(version !== undefined && { version }) }
    context.print(document, () => `${path}: ${formatSize(put.sizeBytes)}${files}\n`)
  } finally {
    progress.close()
  }
}

async function putLocal(work: Work, from: string, path: string, tell: Tell): Promise<string | undefined> {
  const found = await stat(from).catch(unreadable(from))
  if (!found.isDirectory()) return putFile(work, from, path, tell)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const below = toSitePath(`${path}/${entry.name}`)
    if (entry.isDirectory()) await putLocal(work, join(from, entry.name), below, tell)
    else if (entry.isFile()) await putFile(work, join(from, entry.name), below, tell)
  }
  return undefined
}

/** A connection that breaks is taken up again where it was. */
const TRIES = 3

async function putFile({ context, name }: Work, from: string, path: string, { put, show }: Tell): Promise<string> {
  const { size: sizeBytes } = await stat(from).catch(unreadable(from))
  const version = await hashOf(from)
  const upload = randomBytes(8).toString('hex')
  const before = put.sizeBytes
  const params = { name }
  for (let left = TRIES; ; left -= 1) {
    const known = { path, upload, replace: 'true' as const }
    const offset =
      left === TRIES ? 0 : (await context.client.call('findUpload', { params, query: known })).receivedBytes
    put.sizeBytes = before + offset
    const content = createReadStream(from, { start: offset })
    content.on('data', (chunk) => {
      put.sizeBytes += chunk.length
      show(path)
    })
    try {
      const query = { ...known, sizeBytes, offset, version }
      const result = await context.client.upload({ params, query }, { content, lengthBytes: sizeBytes - offset })
      put.files += 1
      return result.version
    } catch (error) {
      if (left === 1 || !(error instanceof AppError) || error.code !== 'unavailable') throw error
    } finally {
      content.destroy()
    }
  }
}

/** How long it is is known when it has ended: it is kept beside until then. */
async function putInput(work: Work, path: string, tell: Tell): Promise<string> {
  const kept = join(tmpdir(), `ruche-put-${randomBytes(8).toString('hex')}`)
  const file = await open(kept, 'wx', 0o600)
  try {
    await pipeline(process.stdin, file.createWriteStream())
    return await putFile(work, kept, path, tell)
  } finally {
    await rm(kept, { force: true })
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash).catch(unreadable(file))
  return hash.digest('hex')
}

function unreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new AppError(error.code === 'ENOENT' ? 'not_found' : 'invalid', `${file} cannot be read: ${error.message}`)
  }
}
