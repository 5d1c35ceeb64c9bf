import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TextRecords } from '../../names/text-records.js'
import { ensureFolder, replaceFile } from '../group-files.js'

/** What shows an authority that a name is ours (RFC 8555 §8). */
export interface Challenge {
  /** Name without the `*.` of a wildcard. */
  name: string
  type: 'http-01' | 'dns-01'
  token: string
  /** The key authorization of HTTP-01, or the text that DNS-01 makes of it. */
  answer: string
}

export const CHALLENGE_PATH = '/.well-known/acme-challenge/'

/** What lies below it the front proxy answers over plain HTTP, whatever the name. */
export const planChallengeRoot = (libFolder: string): string => join(libFolder, 'certificates/challenges')

export interface ChallengePlaces {
  root: string
  /** Absent: DNS is somebody else's. */
  records: TextRecords | undefined
}

/** Tokens are base64url (RFC 8555 §8.3): nothing else becomes the name of a file. */
const TOKEN = /^[A-Za-z0-9_-]{1,200}$/

/** Puts all answers in their places, so that the authority may look at any time. */
export async function placeChallenges(places: ChallengePlaces, challenges: readonly Challenge[]): Promise<void> {
  const folder = await openFolder(places)
  for (const { type, token, answer } of challenges) {
    if (!TOKEN.test(token)) throw new Error('the authority sent a token that is none')
    if (type === 'http-01') await replaceFile(join(folder, token), answer, 0o640)
  }
  for (const [name, texts] of planRecords(challenges)) await places.records?.set(name, texts)
}

/** Takes them away again. What cannot be taken away harms nobody: the next order replaces it. */
export async function clearChallenges(places: ChallengePlaces, challenges: readonly Challenge[]): Promise<void> {
  for (const { type, token } of challenges)
    if (type === 'http-01' && TOKEN.test(token)) await rm(join(places.root, CHALLENGE_PATH, token), { force: true })
  for (const [name] of planRecords(challenges)) await places.records?.set(name, []).catch(() => undefined)
}

/** A name and its wildcard are shown by two texts of one record (RFC 8555 §8.4). Pure. */
export function planRecords(challenges: readonly Challenge[]): Map<string, string[]> {
  const records = new Map<string, string[]>()
  for (const { name, type, answer } of challenges) {
    if (type !== 'dns-01') continue
    const record = `_acme-challenge.${name}`
    records.set(record, [...(records.get(record) ?? []), answer])
  }
  return records
}

/** Each step gets the front proxy's group from the one above. */
async function openFolder({ root }: ChallengePlaces): Promise<string> {
  const [first = '', second = ''] = CHALLENGE_PATH.split('/').filter(Boolean)
  const folders = [root, join(root, first), join(root, first, second)]
  for (const folder of folders) await ensureFolder(folder, 0o750)
  return folders.at(-1) ?? root
}
