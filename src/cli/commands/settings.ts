import type { Command } from 'commander'
import { DEFAULT_SETTINGS, SettingsChange, type SiteSettings } from '../../model/site-settings.js'
import { checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { readSecret } from '../read-secret.js'
import { renderPairs } from '../render-table.js'

type Key = keyof SettingsChange
const KEYS = [...Object.keys(DEFAULT_SETTINGS), 'password'] as Key[]

export function defineSettings(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('[verb]', 'show, set, unset or purge', 'show')
    .argument('[words...]', 'KEY VALUE… for set, KEY… for unset')
    .option('--no-wait', 'answer at once with the operation')
    .addHelpText('after', `\n${describeKeys()}`)
    .action(async (text: string, verb: string, words: string[], { wait }: { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      if (verb === 'show') {
        const { document, text: describe } = await describeSettings(context, name)
        return context.print(document, describe)
      }
      const { operation } = await begin(context, name, verb, words)
      await followOrLeave(context, operation, wait, () => describeSettings(context, name))
    })
}

async function begin(context: Context, name: string, verb: string, words: string[]): Promise<{ operation: string }> {
  const params = { name }
  if (verb === 'purge') return context.client.call('purgeCache', { params })
  if (verb === 'set') return context.client.call('changeSettings', { params, body: await readChange(words) })
  if (verb === 'unset') return context.client.call('changeSettings', { params, body: readUnset(words) })
  throw invalidInput('verb', 'must be show, set, unset or purge')
}

/** `hsts year` · `allow 10.0.0.0/8 192.0.2.1` · `redirects '/old /new 301'`. */
async function readChange([keyText = '', ...values]: string[]): Promise<SettingsChange> {
  const key = findKey(keyText)
  const result = SettingsChange.safeParse({
    [key]: key === 'password' ? await readPassword(values) : readValue(key, values),
  })
  if (result.success) return result.data
  throw invalidInput(keyText, result.error.issues[0]?.message ?? 'is not valid', `ruche settings --help`)
}

function readUnset(words: string[]): SettingsChange {
  const keys = words.map(findKey).filter((key): key is keyof SiteSettings => key !== 'password')
  if (keys.length === 0) throw invalidInput('key', 'name what goes back to what it is by itself')
  return Object.fromEntries(keys.map((key) => [key, DEFAULT_SETTINGS[key]]))
}

async function readPassword(values: string[]): Promise<string> {
  if (values.length === 0) return readSecret('New password for visitors: ')
  throw invalidInput(
    'password',
    'is not given here, where other users of the machine could read it',
    'leave it out: it is asked for, or read from standard input',
  )
}

function readValue(key: keyof SiteSettings, values: string[]): unknown {
  const one = values.join(' ')
  const before = DEFAULT_SETTINGS[key]
  if (key === 'redirects') return values.map(readRedirect)
  if (Array.isArray(before)) return values
  if (typeof before === 'boolean') return { on: true, off: false, true: true, false: false }[one] ?? one
  return typeof before === 'number' ? readBytes(one) : one
}

function readRedirect(text: string): object {
  const [from, to, status = '302'] = text.trim().split(/\s+/)
  return { from, to, status: Number(status) }
}

function readBytes(text: string): number {
  const [, number = 'x', unit = ''] = /^(\d+)([KMG]?)$/i.exec(text) ?? []
  return Number(number) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase())
}

function findKey(text: string): Key {
  const key = KEYS.find((one) => spell(one) === text || one === text)
  if (key) return key
  throw invalidInput('key', `must be one of ${KEYS.map(spell).join(', ')}`)
}

const spell = (key: Key): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function describeKeys(): string {
  return `Keys: ${KEYS.map(spell).join(', ')}.
  ruche settings shop set visitors people
  ruche settings shop set password            (asks, or reads standard input)
  ruche settings shop set allow 192.0.2.0/24 2001:db8::/32
  ruche settings shop set redirects '/old/* /new/* 301' '/away https://example.org/'
  ruche settings shop unset allow redirects
  ruche settings shop purge
`
}

async function describeSettings(context: Context, name: string) {
  const { settings, hasPassword, readable } = await context.client.call('getSettings', { params: { name } })
  const keys = Object.keys(DEFAULT_SETTINGS) as (keyof SiteSettings)[]
  const pairs = keys.map((key): [string, string] => [spell(key), show(settings, key)])
  const warning = readable ? '' : 'What was set is damaged; the site is closed until something is set.\n'
  return {
    document: { id: name, settings, hasPassword, readable },
    text: () => warning + renderPairs([...pairs, ['password', hasPassword ? 'set' : 'none']]),
  }
}

function show(settings: SiteSettings, key: keyof SiteSettings): string {
  if (key === 'redirects')
    return listed(settings.redirects.map(({ from, to, status }) => `${from} → ${to} (${status})`))
  const value = settings[key]
  if (Array.isArray(value)) return listed(value)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value) || '–'
}

const listed = (values: string[]): string => values.join(', ') || '–'
