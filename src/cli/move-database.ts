import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findDumpFormat } from '../model/database.js'
import { AppError } from '../model/errors.js'
import { formatSize } from '../model/sizes.js'
import { invalidInput } from './check-input.js'
import type { Context } from './context.js'
import { writerTo } from './writer-to.js'

interface Work {
  context: Context
  name: string
}

/** Writes the whole database to a file of this machine, whole or not at all (`-`: as SQL to standard output). */
export async function exportToFile({ context, name }: Work, [to = `${name}.sql.gz`]: string[]): Promise<void> {
  const params = { name }
  if (to === '-') {
    if (context.json) throw new AppError('invalid', 'export: a document or the dump on standard output, not both')
    const write = writerTo(process.stdout)
    const out = new Writable({ write: (chunk, _encoding, done) => done(void write(chunk)) })
    return pipeline(await context.client.exportDatabase({ params, query: { format: 'sql' } }), out)
  }
  const format = formatOf(to)
  const progress = context.openProgress()
  const partial = `${to}.part`
  let sizeBytes = 0
  const count = countBytes((bytes) => {
    sizeBytes += bytes
    progress.show('export', formatSize(sizeBytes))
  })
  try {
    const dump = await context.client.exportDatabase({ params, query: { format } })
    await pipeline(dump, count, createWriteStream(partial, { mode: 0o600 }))
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    progress.close()
  }
  context.print({ file: to, sizeBytes }, () => `${to}: ${formatSize(sizeBytes)}\n`)
}

/** Runs a dump of this machine. */
export async function importFromFile({ context, name }: Work, [from = '']: string[]): Promise<void> {
  const format = formatOf(from)
  const { size: sizeBytes } = await stat(from).catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'ENOENT' ? 'not_found' : 'invalid'
    throw new AppError(code, `${from} cannot be read: ${error.message}`)
  })
  const progress = context.openProgress()
  let sent = 0
  const content = createReadStream(from)
  content.on('data', (chunk) => {
    sent += chunk.length
    progress.show('import', formatSize(sent), Math.floor((100 * sent) / sizeBytes))
  })
  try {
    const input = { params: { name }, query: { format, sizeBytes } }
    await context.client.importDatabase(input, { content, lengthBytes: sizeBytes })
  } finally {
    content.destroy()
    progress.close()
  }
  context.print({ file: from, sizeBytes }, () => `${from}: ${formatSize(sizeBytes)} imported\n`)
}

function formatOf(file: string): 'sql' | 'gz' {
  const format = findDumpFormat(file)
  if (format === undefined) throw invalidInput('file', 'a name that ends in .sql or .gz')
  return format
}

function countBytes(onBytes: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
}
