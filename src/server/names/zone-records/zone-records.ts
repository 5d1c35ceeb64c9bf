import type { DnsState } from '../../../model/dns.js'
import { latestWins } from '../../latest-wins.js'
import type { Log } from '../../log.js'
import type { Register } from '../../register/register.js'
import {
  confirmRecords,
  forgetRecords,
  listToldRecords,
  type RecordKey,
  rememberRecords,
  type ToldRecords,
} from '../../register/zone-records.js'
import { send } from '../nsupdate.js'
import { openPatience, type Patience } from '../patience.js'
import { holds } from './ask-records.js'
import { keyOf, planRecords, spellSet } from './plan-records.js'
import { renderRecords } from './render-records.js'
import type { RecordSet, ZoneSettings } from './zone-settings.js'

/** The records in DNS that people add below the names of their sites. */
export interface ZoneRecords {
  /** Makes the DNS server know exactly these, and comes back when it was told, or could not be: as `Names.apply`. */
  apply(wanted: readonly RecordSet[]): Promise<void>
  /** Where the records of that name and type stand; undefined when they are not announced. */
  find(key: RecordKey): DnsState | undefined
  close(): void
}

export interface ZoneRecordsParts {
  /** Absent: nothing is told to anybody. */
  settings: ZoneSettings | undefined
  register: Register
  log: Log
  now: () => Date
  /** How long what the server holds is believed without asking it. */
  believeMs?: number
}

const BELIEVE_MS = 300_000
const AT_ONCE = 20
const SILENCE = 'no answer'

export function openZoneRecords(parts: ZoneRecordsParts): ZoneRecords {
  const { settings, register, log, now } = parts
  if (!settings) return { apply: async () => undefined, find: () => undefined, close() {} }
  const server = openPatience(now)
  /** Of sites whose records were refused. */
  const refused = new Map<string, Patience>()
  let known = new Map<string, ToldRecords>()
  let wanted: readonly RecordSet[] = []
  let askedMs = 0

  const look = async (): Promise<ToldRecords[]> => {
    const rows = await listToldRecords(register.db)
    known = new Map(rows.map((row) => [keyOf(row), row]))
    return rows
  }
  const ask = async (): Promise<void> => {
    if (performance.now() - askedMs < (parts.believeMs ?? BELIEVE_MS)) return
    const strays = await findStrays(settings, wanted, known)
    askedMs = performance.now()
    if (strays.length === 0) return
    log.warn({ records: strays.map(keyOf) }, 'the DNS server did not hold these records as it was told')
    const unknown = strays.map(({ host, type }) => ({ host, type, content: null }))
    await register.change((queries) => confirmRecords(queries, unknown, now().toISOString()))
  }
  const again = () => turn(wanted).catch((error: unknown) => log.error({ err: error }, 'zone records'))
  /** Answers whether the server is there. */
  const tell = async (platformName: string, sets: RecordSet[]): Promise<boolean> => {
    const patience = refused.get(platformName) ?? openPatience(now)
    if (!patience.mayTry()) return true
    const answer = await send(settings, renderRecords(settings, sets))
    const isThere = server.heard(answer.startsWith(SILENCE) ? answer : 'NOERROR')
    if (answer === 'NOERROR') {
      closePatience(refused, platformName)
      await noteTold(parts.register, settings, sets, now())
      return true
    }
    log.warn({ answer, site: platformName }, 'the DNS server did not take records')
    const waiting = isThere ? patience : server
    if (isThere) refused.set(platformName, patience)
    if (isThere) patience.heard(answer)
    waiting.later(again)
    return isThere
  }
  const turn = latestWins<readonly RecordSet[]>(async (sets) => {
    wanted = sets
    const { added } = planRecords(settings, sets, await look())
    const rows = added.map(({ host, type, platformName }) => ({ host, type, platform_name: platformName }))
    if (rows.length > 0) await register.change((queries) => rememberRecords(queries, rows))
    await ask().catch((error: unknown) => log.warn({ err: error }, 'the DNS server does not answer questions'))
    const { updates } = planRecords(settings, sets, await look())
    for (const name of refused.keys()) if (!updates.has(name)) closePatience(refused, name)
    for (const [platformName, changes] of updates) if (!server.mayTry() || !(await tell(platformName, changes))) break
    await look()
  })
  return {
    apply: turn,
    find(key) {
      const row = known.get(keyOf(key))
      if (!row) return undefined
      const set = wanted.find((one) => keyOf(one) === keyOf(key))
      const updatedAt = row.updated_at ?? undefined
      if (set && row.content === spellSet(settings, set.values))
        return { state: 'announced', answer: 'NOERROR', ...(updatedAt && { updatedAt }) }
      const patience = refused.get(row.platform_name) ?? server
      return { ...patience.state(), ...(updatedAt && { updatedAt }) }
    },
    close() {
      server.close()
      for (const patience of refused.values()) patience.close()
    },
  }
}

/** Writes what the server confirmed. */
function noteTold(register: Register, settings: ZoneSettings, sets: readonly RecordSet[], at: Date): Promise<void> {
  return register.change(async (queries) => {
    await forgetRecords(queries, sets.filter(isGone))
    const there = sets.filter((set) => !isGone(set))
    const confirmed = there.map(({ host, type, values }) => ({ host, type, content: spellSet(settings, values) }))
    await confirmRecords(queries, confirmed, at.toISOString())
  })
}

const isGone = ({ values }: RecordSet): boolean => values.length === 0

function closePatience(all: Map<string, Patience>, name: string): void {
  all.get(name)?.close()
  all.delete(name)
}

/** Sets that the server confirmed and does not hold any more. Throws when it does not answer. */
async function findStrays(
  settings: ZoneSettings,
  wanted: readonly RecordSet[],
  known: ReadonlyMap<string, ToldRecords>,
): Promise<RecordSet[]> {
  const confirmed = wanted.filter((set) => known.get(keyOf(set))?.content === spellSet(settings, set.values))
  const strays: RecordSet[] = []
  for (let from = 0; from < confirmed.length; from += AT_ONCE) {
    const asked = confirmed.slice(from, from + AT_ONCE)
    const held = await Promise.all(asked.map((set) => holds(settings, set)))
    strays.push(...asked.filter((_, n) => !held[n]))
  }
  return strays
}
