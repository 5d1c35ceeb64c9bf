import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import { EDITOR_MAX_BYTES, type FileEntry } from '../../model/files.js'
import { formatSize } from '../../model/sizes.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { formatTime } from '../format.js'
import { renderTable } from '../render-table.js'
import { getFile } from '../site-file.js'
import { toSitePath } from '../site-path.js'

interface Work {
  context: Context
  name: string
}
type Verb = (work: Work, paths: string[]) => Promise<void>

const verbs: Record<string, { paths: [least: number, most: number]; run: Verb }> = {
  ls: { paths: [0, 1], run: listFolder },
  get: { paths: [1, 2], run: getToDisk },
  put: { paths: [1, 2], run: putFromDisk },
  rm: { paths: [1, 1], run: remove },
  mkdir: { paths: [1, 1], run: makeFolder },
  mv: { paths: [2, 2], run: move },
}

export function defineFiles(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('<verb>', 'ls [PATH], get PATH [FILE|-], put FILE|- [PATH], rm PATH, mkdir PATH or mv FROM TO')
    .argument('[paths...]', 'paths of the site begin at its home: public/index.php')
    .action(async (text: string, verb: string, paths: string[]) => {
      const found = verbs[verb]
      if (!found)
        throw new AppError('invalid', `files has no verb ${verb}`, { hint: `one of ${Object.keys(verbs).join(', ')}` })
      const [least, most] = found.paths
      if (paths.length < least || paths.length > most)
        throw new AppError('invalid', `files ${verb}: wrong number of paths`, { hint: 'ruche files --help' })
      await found.run({ context: open(), name: checkSiteName(text) }, paths)
    })
}

async function listFolder({ context, name }: Work, [path = '']: string[]): Promise<void> {
  const query = { path: toSitePath(path) }
  const { entries, truncated } = await context.client.call('listFiles', { params: { name }, query })
  context.print({ entries, truncated }, () => renderEntries(entries, context) + (truncated ? '… and more\n' : ''))
}

function renderEntries(entries: FileEntry[], { paint }: Pick<Context, 'paint'>): string {
  const suffix = { file: '', folder: '/', link: '', other: '' }
  return renderTable(
    [
      { title: 'MODE', text: (entry) => (entry.mode & 0o7777).toString(8).padStart(4, '0') },
      { title: 'SIZE', text: (entry) => (entry.type === 'file' ? formatSize(entry.sizeBytes) : ''), right: true },
      { title: 'CHANGED', text: (entry) => formatTime(entry.modifiedAt) ?? '' },
      {
        title: 'NAME',
        text: (entry) =>
          entry.name + suffix[entry.type] + (entry.linkTarget === undefined ? '' : ` → ${entry.linkTarget}`),
        paint: (text, entry) => (entry.type === 'folder' ? paint('bold', text) : text),
      },
    ],
    entries,
    (title) => paint('dim', title),
  )
}

async function getToDisk({ context, name }: Work, [from = '', to]: string[]): Promise<void> {
  const path = toSitePath(from)
  if (to === '-' && context.json)
    throw new AppError('invalid', 'get: a document or the file on standard output, not both')
  const target = to ?? basename(path)
  const sizeBytes = await getFile(context.client, name, path, target)
  if (target !== '-') context.print({ path, file: target, sizeBytes }, () => `${target}: ${formatSize(sizeBytes)}\n`)
}

async function putFromDisk({ context, name }: Work, [from = '', to]: string[]): Promise<void> {
  if (to === undefined && from === '-') throw new AppError('invalid', 'put: name the file that standard input becomes')
  const content = from === '-' ? await buffer(process.stdin) : await readLocal(from)
  const path = toSitePath(to === undefined || to.endsWith('/') ? `${to ?? 'public/'}${basename(from)}` : to)
  if (content.length > EDITOR_MAX_BYTES)
    throw new AppError('limit_reached', `${from} is larger than ${formatSize(EDITOR_MAX_BYTES)}.`, {
      hint: `larger files go over SFTP: ruche sftp ${name}`,
    })
  const params = { name }
  const base = await findVersion(context, name, path)
  const body = { base, content: content.toString('base64') }
  const { version } = await context.client.call('saveFile', { params, query: { path }, body })
  context.print({ path, version, sizeBytes: content.length }, () => `${path}: ${formatSize(content.length)}\n`)
}

async function readLocal(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new AppError(error.code === 'ENOENT' ? 'not_found' : 'invalid', `${file} cannot be read: ${error.message}`)
  })
}

async function findVersion(context: Context, name: string, path: string): Promise<string | null> {
  const found = context.client.call('readFile', { params: { name }, query: { path } })
  return found.then(
    ({ version }) => version,
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return null
      throw error
    },
  )
}

async function remove({ context, name }: Work, [text = '']: string[]): Promise<void> {
  const path = toSitePath(text)
  await context.client.call('removeFile', { params: { name }, query: { path } })
  context.print({ path, removed: true }, () => `${path} is gone.\n`)
}

async function makeFolder({ context, name }: Work, [text = '']: string[]): Promise<void> {
  const path = toSitePath(text)
  await context.client.call('makeFolder', { params: { name }, query: { path } })
  context.print({ path }, () => `${path}/\n`)
}

async function move({ context, name }: Work, [fromText = '', toText = '']: string[]): Promise<void> {
  const from = toSitePath(fromText)
  const body = { from, to: toSitePath(toText.endsWith('/') ? `${toText}${basename(from)}` : toText) }
  await context.client.call('renameFile', { params: { name }, body })
  context.print(body, () => `${body.from} → ${body.to}\n`)
}
