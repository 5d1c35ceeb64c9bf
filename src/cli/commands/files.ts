import { basename } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import { type FileEntry, FileMode } from '../../model/files.js'
import { formatSize } from '../../model/sizes.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import type { FileOptions, FileWork as Work } from '../file-work.js'
import { formatTime } from '../format.js'
import { getFromSite } from '../get-from-site.js'
import { putOnSite } from '../put-on-site.js'
import { renderTable } from '../render-table.js'
import { toSitePath } from '../site-path.js'

type Verb = (work: Work, paths: string[]) => Promise<void>

const verbs: Record<string, { paths: [least: number, most: number]; run: Verb }> = {
  ls: { paths: [0, 1], run: listFolder },
  get: { paths: [1, 2], run: getFromSite },
  put: { paths: [1, 2], run: putOnSite },
  rm: { paths: [1, 1], run: remove },
  mkdir: { paths: [1, 1], run: makeFolder },
  mv: { paths: [2, 2], run: (work, paths) => move(work, 'renameFile', paths) },
  cp: { paths: [2, 2], run: (work, paths) => move(work, 'copyFile', paths) },
  chmod: { paths: [2, 2], run: changeMode },
  find: { paths: [1, 2], run: (work, words) => search(work, 'names', words) },
  grep: { paths: [1, 2], run: (work, words) => search(work, 'contents', words) },
  unpack: { paths: [1, 2], run: unpack },
}

const VERBS = `
  ls [PATH]                 what is in a folder
  get PATH [FILE|-]         a file, or a folder with all that is in it
  put FILE|- [PATH]         a file or folder of this machine, over what is there
  rm PATH · mkdir PATH · mv FROM TO · cp FROM TO · chmod 644 PATH
  find TEXT [FOLDER]        names that contain a text
  grep TEXT [FOLDER]        places in text files
  unpack ARCHIVE [FOLDER]   lays what is in a zip or tar archive of the site into a folder`

export function defineFiles(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('<verb>', 'what to do, see below')
    .argument('[words...]', 'paths of the site begin at its home: public/index.php')
    .option('--replace', 'unpack: also over what is there')
    .addHelpText('after', VERBS)
    .action(async (text: string, verb: string, paths: string[], options: FileOptions) => {
      const found = verbs[verb]
      if (!found)
        throw new AppError('invalid', `files has no verb ${verb}`, { hint: `one of ${Object.keys(verbs).join(', ')}` })
      const [least, most] = found.paths
      if (paths.length < least || paths.length > most)
        throw new AppError('invalid', `files ${verb}: wrong number of paths`, { hint: 'ruche files --help' })
      await found.run({ context: open(), name: checkSiteName(text), options }, paths)
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

async function move(
  { context, name }: Work,
  call: 'renameFile' | 'copyFile',
  [fromText = '', toText = '']: string[],
): Promise<void> {
  const from = toSitePath(fromText)
  const body = { from, to: toSitePath(toText.endsWith('/') ? `${toText}${basename(from)}` : toText) }
  await context.client.call(call, { params: { name }, body })
  context.print(body, () => `${body.from} → ${body.to}\n`)
}

async function changeMode({ context, name }: Work, [text = '', pathText = '']: string[]): Promise<void> {
  const number = /^[0-7]{3}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
  const mode = checkInput(FileMode, number, 'mode', 'three digits from 0 to 7, as in 644')
  const path = toSitePath(pathText)
  await context.client.call('setFileMode', { params: { name }, query: { path }, body: { mode } })
  context.print({ path, mode: text }, () => `${path}: ${text}\n`)
}

async function search({ context, name }: Work, where: 'names' | 'contents', words: string[]): Promise<void> {
  const [text = '', folder = ''] = words
  const query = { path: toSitePath(folder), text, where }
  const result = await context.client.call('searchFiles', { params: { name }, query })
  context.print(result, () => {
    const lines = result.found.map(({ path, line, text = '' }) =>
      visibleText(line === undefined ? path : `${path}:${line}: ${text.trim()}`),
    )
    return [...lines, ...(result.truncated ? ['… and more'] : [])].map((line) => `${line}\n`).join('')
  })
}

async function unpack({ context, name, options }: Work, [archive = '', folder]: string[]): Promise<void> {
  const path = toSitePath(archive)
  const into = toSitePath(folder ?? path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  const body = { path, into, replace: options.replace === true }
  const { operation } = await context.client.call('unpackArchive', { params: { name }, body })
  await context.client.waitForOperation(operation)
  context.print({ ...body, operation }, () => `${path} → ${into === '' ? '~' : into}/\n`)
}
