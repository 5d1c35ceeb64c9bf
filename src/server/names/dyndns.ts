import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { Configuration } from '../../model/configuration.js'
import type { Log } from '../log.js'
import { askWeb } from './ask-web.js'

/** The last that a dyndns2 server was told and said; kept on disk, so that one that refuses is left alone also after a restart. */
export const DyndnsMemory = z
  .object({
    /** Of the settings with which it was asked: others are a new start. */
    settings: z.string(),
    addresses: z.string(),
    outcome: z.enum(['done', 'refused', 'later']),
    answer: z.string(),
    at: z.iso.datetime(),
    failures: z.int().min(0),
    nextTryAt: z.iso.datetime().optional(),
  })
  .strict()
export type DyndnsMemory = z.infer<typeof DyndnsMemory>

export type DyndnsSettings = Configuration['dyndns']

const MINUTE_MS = 60_000
/** Services drop names that nobody tells them for a month. */
const REFRESH_MS = 25 * 24 * 60 * MINUTE_MS
/** What the protocol asks for after `911` and `dnserr`. */
const TROUBLE_MS = 30 * MINUTE_MS
const FIRST_MS = MINUTE_MS
const LONGEST_MS = 60 * MINUTE_MS
const AGENT = 'Ruche/1 (dyndns2)'

/** Whether the server is to be told now. One that refused is not asked again before its settings change. Pure. */
export function isDyndnsDue(
  memory: DyndnsMemory | undefined,
  { settings, addresses, nowMs }: { settings: string; addresses: string; nowMs: number },
): boolean {
  if (addresses === '') return false
  if (memory?.settings !== settings) return true
  if (memory.outcome === 'refused') return false
  if (memory.nextTryAt !== undefined && nowMs < Date.parse(memory.nextTryAt)) return false
  return memory.outcome === 'later' || memory.addresses !== addresses || nowMs - Date.parse(memory.at) > REFRESH_MS
}

/** What an answer means: one line for each name, of which the worst counts. Pure. */
export function readDyndnsAnswer(text: string): { outcome: DyndnsMemory['outcome']; answer: string; waitMs?: number } {
  const lines = text.split('\n').map((line) => line.trim())
  const words = lines.filter(Boolean).map((line) => line.split(/\s+/)[0] ?? '')
  const bad = words.find((word) => word !== 'good' && word !== 'nochg')
  const answer = (bad ?? words[0] ?? 'nothing').replace(/[^\x21-\x7e]/g, '?').slice(0, 40)
  if (bad === undefined && words.length > 0) return { outcome: 'done', answer }
  if (bad === '911' || bad === 'dnserr') return { outcome: 'later', answer, waitMs: TROUBLE_MS }
  // Anything else that the protocol knows will be the same next time; who asks on is locked out.
  return { outcome: bad === undefined ? 'later' : 'refused', answer }
}

/** A fingerprint of who is asked, for what, as whom. */
export async function digestDyndns(settings: DyndnsSettings): Promise<string> {
  const password = await readPassword(settings)
  const { server, hostnames, user } = settings
  return createHash('sha256')
    .update(JSON.stringify([server, hostnames, user, password]))
    .digest('hex')
}

/** Tells the server once. Never throws; the password is in no log line. */
export async function tellDyndns(
  settings: DyndnsSettings,
  { addresses, before, now, log }: { addresses: string; before: DyndnsMemory | undefined; now: Date; log: Log },
): Promise<DyndnsMemory> {
  const digest = await digestDyndns(settings)
  const heard = await ask(settings, addresses).catch((error: Error) => {
    log.warn({ why: error.message }, 'the dyndns server does not answer')
    return { outcome: 'later' as const, answer: 'no answer', waitMs: undefined }
  })
  const failures = heard.outcome === 'done' ? 0 : (before?.settings === digest ? before.failures : 0) + 1
  const waitMs = heard.waitMs ?? Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  const nextTryAt = heard.outcome === 'later' ? new Date(now.getTime() + waitMs).toISOString() : undefined
  const { outcome, answer } = heard
  log.info({ addresses, answer }, 'the dyndns server was told')
  const at = now.toISOString()
  return { settings: digest, addresses, outcome, answer, at, failures, ...(nextTryAt && { nextTryAt }) }
}

async function ask(
  settings: DyndnsSettings,
  addresses: string,
): Promise<{ outcome: DyndnsMemory['outcome']; answer: string; waitMs?: number | undefined }> {
  const { server = '', hostnames = [], user = '', ca_file } = settings
  const url = new URL(server)
  url.searchParams.set('hostname', hostnames.join())
  url.searchParams.set('myip', addresses)
  const pass = Buffer.from(`${user}:${await readPassword(settings)}`).toString('base64')
  const ca = ca_file === undefined ? undefined : await readFile(ca_file, 'utf8')
  const { status, text } = await askWeb(url, { ca, headers: { authorization: `Basic ${pass}`, 'user-agent': AGENT } })
  if (status === 401) return { outcome: 'refused', answer: 'badauth' }
  if (status !== 200) return { outcome: 'later', answer: `HTTP ${status}` }
  return readDyndnsAnswer(text)
}

const readPassword = async ({ password_file }: DyndnsSettings): Promise<string> =>
  password_file === undefined ? '' : (await readFile(password_file, 'utf8')).trim()
