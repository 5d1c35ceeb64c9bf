import type { RecordType } from '../../../model/zone-record.js'
import type { RecordSet, ZoneSettings } from './zone-settings.js'

const CHUNK = 255
const NAMES_LAST: readonly RecordType[] = ['CNAME', 'MX', 'SRV']

/** The commands that make these the only records of their names and types, what goes before what comes: a CNAME stands alone. Pure. */
export function renderRecords({ server, port, zone, ttlSeconds }: ZoneSettings, sets: readonly RecordSet[]): string {
  const lines = [`server ${server} ${port}`, `zone ${zone}.`]
  lines.push(...sets.map(({ host, type }) => `update delete ${host}. ${type}`))
  for (const { host, type, values } of sets)
    lines.push(...values.map((value) => `update add ${host}. ${ttlSeconds} ${type} ${renderValue(type, value)}`))
  return `${lines.join('\n')}\nsend\n`
}

/** A value as a line of a zone file has it (RFC 1035 §5.1). */
function renderValue(type: RecordType, value: string): string {
  if (type === 'TXT') return quoteText(value)
  return NAMES_LAST.includes(type) && !value.endsWith('.') ? `${value}.` : value
}

/** In strings of at most 255 octets. All that could end one is written by its number. */
function quoteText(text: string): string {
  const chunks = text.match(new RegExp(`[^]{1,${CHUNK}}`, 'g')) ?? []
  return chunks.map((chunk) => `"${chunk.replace(/[^\w .:=/+-]/g, spellNumber)}"`).join(' ')
}

const spellNumber = (character: string): string => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`
