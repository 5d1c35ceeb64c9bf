import type { RecordType } from '../../../model/zone-record.js'
import type { DnsSettings } from '../nsupdate.js'

/** Where records go, and how long others remember them. */
export type ZoneSettings = Pick<DnsSettings, 'server' | 'port' | 'zone' | 'keyFile' | 'ttlSeconds'>

/** All records of one name and type (RFC 2181 §5); no values: they go away. */
export interface RecordSet {
  /** Of the site that has them. */
  platformName: string
  host: string
  type: RecordType
  values: readonly string[]
}
