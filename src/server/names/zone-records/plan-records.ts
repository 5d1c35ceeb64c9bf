import type { ToldRecords } from '../../register/zone-records.js'
import type { RecordSet, ZoneSettings } from './zone-settings.js'

export interface RecordsPlan {
  /** Sets that were never told: to be remembered first. */
  added: RecordSet[]
  /** What has to be told, one update for each site: what the server refuses of one keeps no other waiting. */
  updates: Map<string, RecordSet[]>
}

/** What a set says, in one text that can be compared with what was confirmed. */
export const spellSet = ({ ttlSeconds }: Pick<ZoneSettings, 'ttlSeconds'>, values: readonly string[]): string =>
  [ttlSeconds, ...[...values].sort()].join('\n')

export const keyOf = ({ host, type }: Pick<RecordSet, 'host' | 'type'>): string => `${host} ${type}`

/** Compares the records that should be with those that the server confirmed. Pure. */
export function planRecords(
  settings: ZoneSettings,
  wanted: readonly RecordSet[],
  told: readonly ToldRecords[],
): RecordsPlan {
  const confirmed = new Map(told.map((row) => [keyOf(row), row.content]))
  const keys = new Set(wanted.map(keyOf))
  const changes = [
    ...told
      .filter((row) => !keys.has(keyOf(row)))
      .map(({ platform_name, host, type }) => ({ platformName: platform_name, host, type, values: [] })),
    ...wanted.filter((set) => confirmed.get(keyOf(set)) !== spellSet(settings, set.values)),
  ]
  const updates = new Map<string, RecordSet[]>()
  for (const set of changes) updates.set(set.platformName, [...(updates.get(set.platformName) ?? []), set])
  return { added: wanted.filter((set) => !confirmed.has(keyOf(set))), updates }
}
