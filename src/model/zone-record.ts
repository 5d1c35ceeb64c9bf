import * as z from 'zod'
import { DnsState } from './dns.js'
import { Id } from './names.js'

/** Types of records that people may add below their site's platform name (RFC 1035, 2782, 3596, 8659). */
export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'CAA'] as const
export const RecordType = z.enum(RECORD_TYPES)
export type RecordType = z.infer<typeof RecordType>

/** The platform name itself, as zone files write it. */
export const APEX = '@'
const HOST_LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
const LABEL = /^(?!_?-)_?[a-z0-9-]{1,62}(?<!-)$/
const MOST_TEXT = 2048
const TEXT = /^[\x20-\x7e]+$/
const CAA_TAGS = ['issue', 'issuewild', 'iodef']
const MOST_OCTETS = 253

/** Left part of a record's name, lower case; `@`: the platform name itself. With `_` as in `_dmarc`. */
export const RecordName = z
  .string()
  .max(300)
  .transform((text, context) => {
    const name = text.trim().toLowerCase()
    if (name === '' || name === APEX) return APEX
    const isRight =
      name.length <= MOST_OCTETS && name.split('.').every((label) => isHostLabel(label) || LABEL.test(label))
    if (isRight) return name
    context.addIssue({
      code: 'custom',
      message: 'letters, digits, hyphens and dots, as in mail or _dmarc; @ is the site’s own name',
    })
    return z.NEVER
  })

/** A record as people type it; the output has one spelling for each meaning. */
export const RecordWish = z
  .object({ name: RecordName, type: RecordType, value: z.string().max(4096) })
  .strict()
  .transform((wish, context) => {
    const problem = findNameProblem(wish.name, wish.type)
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['name'], message: problem })
    const value = readValue[wish.type](wish.value.trim())
    if (typeof value === 'string') return { ...wish, value }
    context.addIssue({ code: 'custom', path: ['value'], message: value.problem })
    return z.NEVER
  })
export type RecordWish = z.output<typeof RecordWish>

/** A record that was added for a site. */
export const ZoneRecord = z
  .object({
    id: Id,
    /** Left part of the name; `@`: the platform name itself. */
    name: z.string(),
    /** The whole name. */
    host: z.string(),
    type: RecordType,
    value: z.string(),
    /** Of all records of that name and type. Absent: none are announced here. */
    dns: DnsState.optional(),
  })
  .meta({ id: 'ZoneRecord' })
export type ZoneRecord = z.infer<typeof ZoneRecord>

type Read = (value: string) => string | { problem: string }

const readValue: Record<RecordType, Read> = {
  A: (value) => (z.ipv4().safeParse(value).success ? value : { problem: 'an IPv4 address, as in 192.0.2.1' }),
  AAAA: (value) =>
    z.ipv6().safeParse(value).success ? spellIpv6(value) : { problem: 'an IPv6 address, as in 2001:db8::1' },
  CNAME: (value) => readTarget(value) ?? { problem: 'a whole domain name, as in www.example.org' },
  MX: (value) => {
    const [preference, target, ...more] = value.split(/\s+/)
    const host = readHostOrNone(target)
    if (more.length > 0 || !isUint16(preference) || host === undefined)
      return { problem: 'a preference and a server, as in 10 mail.example.org' }
    return `${Number(preference)} ${host}`
  },
  SRV: (value) => {
    const [priority, weight, port, target, ...more] = value.split(/\s+/)
    const host = readHostOrNone(target)
    if (more.length > 0 || ![priority, weight, port].every(isUint16) || host === undefined)
      return { problem: 'priority, weight, port and server, as in 0 5 5060 sip.example.org' }
    return `${[priority, weight, port].map(Number).join(' ')} ${host}`
  },
  CAA: (value) => {
    const [, flags, tag = '', text] = /^(0|128)\s+(\w+)\s+"?([\x20\x21\x23-\x5b\x5d-\x7e]{0,255}?)"?$/.exec(value) ?? []
    if (text === undefined || !CAA_TAGS.includes(tag.toLowerCase()))
      return { problem: 'flags, tag and value, as in 0 issue "ca.example.org"; tags: issue, issuewild, iodef' }
    return `${flags} ${tag.toLowerCase()} "${text}"`
  },
  TXT: (value) =>
    value.length <= MOST_TEXT && TEXT.test(value)
      ? value
      : { problem: `1 to ${MOST_TEXT} printable characters without accents` },
}

function findNameProblem(name: string, type: RecordType): string | undefined {
  if (name === APEX) {
    if (type === 'A' || type === 'AAAA' || type === 'CNAME')
      return `the address of the site’s own name is the platform’s`
    return type === 'SRV' ? 'a service, as in _sip._tcp' : undefined
  }
  const labels = name.split('.')
  if (labels.includes('_acme-challenge')) return 'certificates are the platform’s'
  if ((type === 'A' || type === 'AAAA' || type === 'MX') && !labels.every(isHostLabel))
    return `a ${type} record belongs to a name without _`
  if (type === 'SRV' && !name.startsWith('_')) return 'a service, as in _sip._tcp'
  return undefined
}

const isHostLabel = (label: string): boolean => HOST_LABEL.test(label)
const isUint16 = (text: string | undefined): boolean => /^\d{1,5}$/.test(text ?? '') && Number(text) < 65_536

/** `.`: no server at all (RFC 7505, RFC 2782). */
const readHostOrNone = (text: string | undefined): string | undefined =>
  text === '.' ? text : readTarget(text ?? '', isHostLabel)

function readTarget(
  text: string,
  isLabel = (label: string) => isHostLabel(label) || LABEL.test(label),
): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  return name.length <= MOST_OCTETS && labels.length > 1 && labels.every(isLabel) && !/^\d+$/.test(labels.at(-1) ?? '')
    ? name
    : undefined
}

// The WHATWG URL parser writes RFC 5952, in Node and in browsers; this room's types know neither.
const { URL } = globalThis as unknown as { URL: new (url: string) => { hostname: string } }
const spellIpv6 = (address: string): string => new URL(`http://[${address}]/`).hostname.slice(1, -1)
