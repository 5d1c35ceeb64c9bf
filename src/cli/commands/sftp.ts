import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import type { SiteAccess } from '../../model/site.js'
import { visibleText } from '../../model/visible-text.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { follow } from '../follow.js'
import { renderPairs } from '../render-table.js'
import { addKey, removeKey } from '../sftp-keys.js'

interface Options {
  rotate?: boolean
  addKey?: string
  removeKey?: string
}

export function defineSftp(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('[keys...]', 'keys list, keys add KEY|FILE|-, keys remove NUMBER|COMMENT')
    .option('--rotate', 'give it a new password')
    .option('--add-key <key>', 'let this public key in; the same as keys add')
    .option('--remove-key <key>', 'no longer let this key in; the same as keys remove')
    .action(async (siteText: string, words: string[], options: Options) => {
      const context = open()
      const name = checkSiteName(siteText)
      const change = await planKeys(words, options)
      if (change) await setKeys(context, name, change)
      if (options.rotate) {
        const body = { which: 'sftp' as const }
        await follow(context, (await context.client.call('rotatePassword', { params: { name }, body })).operation)
      }
      const { sftp } = await context.client.call('siteAccess', { params: { name } })
      const command = `sftp -P ${sftp.port} ${sftp.user}@${sftp.host}`
      const text = () => (words.length > 0 || change ? renderKeys(sftp.keys) : renderAccess(sftp, command, context))
      context.print({ ...sftp, command }, text)
    })
}

type ChangeKeys = (keys: string[]) => string[]

async function planKeys(words: string[], options: Options): Promise<ChangeKeys | undefined> {
  const [keys, verb, ...rest] = words
  const word = rest.join(' ')
  const remove = options.removeKey ?? (verb === 'remove' && word !== '' ? word : undefined)
  if (remove !== undefined) return (known) => removeKey(known, remove)
  const add = options.addKey ?? (verb === 'add' && word !== '' ? word : undefined)
  if (add !== undefined) {
    const key = await readKey(add)
    return (known) => addKey(known, key)
  }
  if (keys === undefined || (keys === 'keys' && (verb === undefined || verb === 'list'))) return undefined
  throw new AppError('invalid', `sftp: ${words.join(' ')} is not understood`, {
    hint: 'keys list, keys add KEY|FILE|-, keys remove NUMBER|COMMENT',
  })
}

// A key itself begins with its kind and a space; anything else is where it is kept.
async function readKey(text: string): Promise<string> {
  if (text.trim() === '') throw new AppError('invalid', 'key: there is nothing in it')
  if (/^[a-z0-9@.-]+ \S/.test(text)) return text
  if (text === '-') return readAll(process.stdin)
  return readFile(text, 'utf8').catch((error: Error) => {
    throw new AppError('invalid', `key: ${text} is neither a public key nor a file: ${error.message}`, {
      fields: [{ path: 'key', message: 'neither a public key nor a file' }],
    })
  })
}

async function setKeys(context: Context, name: string, change: ChangeKeys): Promise<void> {
  const { sftp } = await context.client.call('siteAccess', { params: { name } })
  const body = { keys: change(sftp.keys) }
  await follow(context, (await context.client.call('setSftpKeys', { params: { name }, body })).operation)
}

function renderKeys(keys: string[]): string {
  if (keys.length === 0) return 'No key may come in.\n'
  return keys.map((key, index) => `${index + 1}  ${visibleText(key)}\n`).join('')
}

function renderAccess(sftp: SiteAccess['sftp'], command: string, { paint }: Pick<Context, 'paint'>): string {
  const pairs: [string, string][] = [
    ['host', sftp.host],
    ['port', String(sftp.port)],
    ['user', sftp.user],
    ['password', sftp.password],
    ['keys', String(sftp.keys.length)],
    ['command', command],
  ]
  return renderPairs(pairs, (name) => paint('dim', name))
}
