import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../model/errors.js'
import type { FileEntry } from '../model/files.js'
import { formatSize } from '../model/sizes.js'
import type { FileWork as Work } from './file-work.js'
import { toSitePath } from './site-path.js'
import { writerTo } from './writer-to.js'

/** Copies a file of a site, or a folder with all that is in it, to this machine (`-`: a file to standard output). Each file whole or not at all. */
export async function getFromSite(work: Work, [from = '', to]: string[]): Promise<void> {
  const { context, name } = work
  const path = toSitePath(from)
  if (to === '-' && context.json)
    throw new AppError('invalid', 'get: a document or the file on standard output, not both')
  if (to === '-') {
    const write = writerTo(process.stdout)
    const out = new Writable({ write: (chunk, _encoding, done) => done(void write(chunk)) })
    return pipeline(await context.client.download({ params: { name }, query: { path } }), out)
  }
  const progress = context.openProgress()
  try {
    const target = to ?? basename(path === '' ? name : path)
    const got = { files: 0, sizeBytes: 0 }
    const tell = { got, show: (file: string) => progress.show('get', `${file} (${formatSize(got.sizeBytes)})`) }
    if ((await findType(work, path)) === 'folder') await getFolder(work, path, target, tell)
    else await getFile(work, path, target, tell)
    progress.close()
    const files = got.files === 1 ? '' : `, ${got.files} files`
    context.print({ path, file: target, ...got }, () => `${target}: ${formatSize(got.sizeBytes)}${files}\n`)
  } finally {
    progress.close()
  }
}

interface Tell {
  got: { files: number; sizeBytes: number }
  show(file: string): void
}

async function getFile({ context, name }: Work, path: string, target: string, { got, show }: Tell): Promise<void> {
  const partial = `${target}.part`
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      got.sizeBytes += chunk.length
      show(path)
      done(null, chunk)
    },
  })
  try {
    const content = await context.client.download({ params: { name }, query: { path } })
    await pipeline(content, count, createWriteStream(partial))
    await rename(partial, target)
    got.files += 1
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Files and folders; links and whatever else a site has lead nowhere here. */
async function getFolder(work: Work, path: string, target: string, tell: Tell): Promise<void> {
  await mkdir(target, { recursive: true })
  const query = { path }
  const { entries, truncated } = await work.context.client.call('listFiles', { params: { name: work.name }, query })
  if (truncated)
    throw new AppError('limit_reached', `${path} has too many files.`, { hint: 'Download it as an archive.' })
  for (const entry of entries) {
    // A name comes from the site: it must not lead out of the folder.
    if (['.', '..'].includes(entry.name) || /[/\0]/.test(entry.name)) continue
    const below = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.type === 'folder') await getFolder(work, below, join(target, entry.name), tell)
    else if (entry.type === 'file') await getFile(work, below, join(target, entry.name), tell)
  }
}

async function findType({ context, name }: Work, path: string): Promise<FileEntry['type']> {
  if (path === '') return 'folder'
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const { entries } = await context.client.call('listFiles', { params: { name }, query: { path: folder } })
  const entry = entries.find((each) => each.name === basename(path))
  if (!entry) throw new AppError('not_found', `There is no ${path}.`)
  return entry.type
}
