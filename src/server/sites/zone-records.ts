import { AppError } from '../../model/errors.js'
import type { RecordWish, ZoneRecord } from '../../model/zone-record.js'
import { newId } from '../new-id.js'
import type { SiteRecord } from '../register/sites.js'
import { deleteZoneRecord, insertZoneRecord, listZoneRecords, type ZoneRecordRow } from '../register/zone-records.js'
import type { SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'
import { hostOf } from './record-sets.js'

/** Records of one site. */
export const MOST_RECORDS = 50
/** Of all their values: one update of a site stays far below 64 KiB. */
const MOST_OCTETS = 16_384
/** RFC 1035 §2.3.4, as text without the last dot. */
const LONGEST_NAME = 253

type Context = Pick<SitesContext, 'register' | 'naming' | 'announcing' | 'changes' | 'now'>

/** What a site has, and where it stands in DNS. */
export async function showRecords(context: Context, site: Pick<SiteRecord, 'name'>) {
  const rows = await listZoneRecords(context.register.db, site.name)
  const { isAllowed } = context.announcing.ownerRecords
  return {
    host: context.naming.platformName(site.name),
    allowed: isAllowed,
    records: rows.map((row) => present(context, row)),
  }
}

/** Adds a record; returns when the DNS server was told, or could not be. AppError `forbidden`, `conflict`, `invalid`, `limit_reached`. */
export async function addRecord(context: Context, site: SiteRecord, wish: RecordWish): Promise<ZoneRecord> {
  const { isAllowed, fixed } = context.announcing.ownerRecords
  if (!isAllowed)
    throw new AppError('forbidden', 'Records of your own are not allowed on this platform.', {
      hint: 'An administrator allows them with dns.owner_records.',
    })
  const row = { id: newId(), site: site.name, ...wish, created_at: context.now().toISOString() }
  await context.register.change(async (queries) => {
    await getReadySite(queries, site.name)
    const others = await listZoneRecords(queries, site.name)
    checkRecord(hostOf(context.naming, row), wish, others, fixed)
    await insertZoneRecord(queries, row)
  })
  await tell(context, site.name)
  return present(context, row)
}

/** Takes a record away. AppError `not_found`. */
export async function removeRecord(context: Context, site: SiteRecord, id: string): Promise<void> {
  const wasThere = await context.register.change((queries) => deleteZoneRecord(queries, site.name, id))
  if (!wasThere) throw new AppError('not_found', `${site.name} has no such record.`)
  await tell(context, site.name)
}

/** Refuses a record that cannot stand beside the others (RFC 2181 §10.1, RFC 7505 §3), or is one too many. Pure. */
export function checkRecord(
  host: string,
  wish: RecordWish,
  others: readonly Pick<ZoneRecordRow, 'name' | 'type' | 'value'>[],
  fixed: readonly string[],
): void {
  const refuse = (code: 'conflict' | 'invalid', path: string, message: string) =>
    new AppError(code, `${host} ${wish.type}: ${message}.`, { fields: [{ path, message }] })
  if (host.length > LONGEST_NAME) throw refuse('invalid', 'name', `a whole name has at most ${LONGEST_NAME} characters`)
  if (fixed.includes(host)) throw refuse('conflict', 'name', 'this name is the platform’s')
  const beside = others.filter((one) => one.name === wish.name)
  const same = beside.filter((one) => one.type === wish.type)
  if (same.some((one) => one.value === wish.value)) throw refuse('conflict', 'value', 'this record is there already')
  if (wish.type === 'CNAME' ? beside.length > 0 : beside.some((one) => one.type === 'CNAME'))
    throw refuse('conflict', 'name', 'a CNAME has no other record beside it')
  const isNone = (value: string) => wish.type === 'MX' && value.endsWith(' .')
  if (same.length > 0 && [wish, ...same].some(({ value }) => isNone(value)))
    throw refuse('conflict', 'value', 'no mail server at all (.) has no other beside it')
  if (others.length >= MOST_RECORDS)
    throw new AppError('limit_reached', `A site has at most ${MOST_RECORDS} records of its own.`)
  if ([wish, ...others].reduce((sum, { value }) => sum + value.length, 0) > MOST_OCTETS)
    throw new AppError('limit_reached', `The records of a site have at most ${MOST_OCTETS} characters together.`)
}

async function tell({ announcing, changes }: Context, name: string): Promise<void> {
  await announcing.refresh()
  changes.publish({ type: 'site', name })
}

function present({ naming, announcing }: Context, row: ZoneRecordRow): ZoneRecord {
  const { id, name, type, value } = row
  const host = hostOf(naming, row)
  const dns = announcing.ownerRecords.find({ host, type })
  return { id, name, host, type, value, ...(dns && { dns }) }
}
