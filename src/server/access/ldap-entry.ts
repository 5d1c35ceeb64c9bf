import type { Entry } from 'ldapts'
import { normaliseLogin } from './login-name.js'

/** Attributes that tell who an entry is and whether it may still sign in. Operational ones are answered only when named. */
export const ENTRY_ATTRIBUTES = [
  'memberOf',
  'entryUUID',
  'objectGUID',
  'userAccountControl',
  'accountExpires',
  'pwdAccountLockedTime',
  'nsAccountLock',
  'shadowExpire',
]

/** Values of an attribute as text, whatever their number and the case of its name. */
export function valuesOf(entry: Entry, attribute: string): string[] {
  const wanted = attribute.toLowerCase()
  const key = Object.keys(entry).find((name) => name.toLowerCase() === wanted)
  const value = key === undefined ? [] : entry[key]
  return [value ?? []].flat().map((one) => (typeof one === 'string' ? one : one.toString('utf8')))
}

/** The canonical login of an entry: the first in order when it has several, so that it is always the same. */
export function loginOf(entry: Entry, loginAttribute: string): string | undefined {
  const logins = valuesOf(entry, loginAttribute).flatMap((text) => normaliseLogin(text) ?? [])
  return logins.sort()[0]
}

/** entryUUID (RFC 4530), or Active Directory's objectGUID in hexadecimal. */
export function directoryIdOf(entry: Entry): string | null {
  const [uuid] = valuesOf(entry, 'entryUUID')
  if (uuid) return uuid
  const guid = [entry.objectGUID ?? []].flat()[0]
  if (guid === undefined) return null
  return Buffer.from(guid as Buffer | string).toString('hex')
}

const ACTIVE_DIRECTORY_DISABLED = 0x2
const LOCKED_FOR_EVER = '000001010000Z'
const DAY_MS = 86_400_000
// Active Directory counts 100 ns from 1601; both values mean "never".
const EPOCH_1601_MS = 11_644_473_600_000
const NEVER = new Set(['0', '9223372036854775807'])

/** Whether the directory holds the account for closed: disabled, expired, or locked for good (a lock that ends by itself is somebody guessing). */
export function isDisabled(entry: Entry, now: Date): boolean {
  const [control] = valuesOf(entry, 'userAccountControl')
  const [expires] = valuesOf(entry, 'accountExpires')
  const [shadow] = valuesOf(entry, 'shadowExpire')
  return (
    (Number(control ?? 0) & ACTIVE_DIRECTORY_DISABLED) !== 0 ||
    (expires !== undefined && !NEVER.has(expires) && Number(expires) / 10_000 - EPOCH_1601_MS < now.getTime()) ||
    (shadow !== undefined && Number(shadow) >= 0 && Number(shadow) * DAY_MS < now.getTime()) ||
    valuesOf(entry, 'pwdAccountLockedTime').includes(LOCKED_FOR_EVER) ||
    valuesOf(entry, 'nsAccountLock').some((value) => value.toLowerCase() === 'true')
  )
}

/** One spelling of a distinguished name, to compare two: lower case, no spaces round `,`, `=` and `+` (RFC 4514). */
export function plainDn(dn: string): string {
  return dn
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s*(?<!\\)([,=+])\s*/g, '$1')
    .trim()
}
