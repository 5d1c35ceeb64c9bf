import type { Configuration } from '../../model/configuration.js'
import type { DnsState, DnsStatus } from '../../model/dns.js'
import { latestWins } from '../latest-wins.js'
import type { Log } from '../log.js'
import { confirmNames, forgetNames, listNames, type NameRecord, rememberNames } from '../register/names.js'
import type { Register } from '../register/register.js'
import { findStrays } from './find-strays.js'
import { type DnsSettings, type NameChange, sendUpdate } from './nsupdate.js'
import { openPatience, type Patience } from './patience.js'
import { planUpdate, spellContent } from './plan-update.js'
import type { Addresses } from './public-addresses.js'

/** The names of the platform in DNS. */
export interface Names {
  /**
   * Makes the DNS server know exactly these names, and comes back when it was told, or could not be: then it is tried again by itself. To be called by
   * every reconcile: what changed at the server is mended. Calls that come meanwhile share the next turn.
   */
  apply(names: readonly string[]): Promise<void>
  /** Where one name stands; undefined when DNS is somebody else's or the name is unknown. */
  find(name: string): DnsState | undefined
  status(): DnsStatus
  close(): void
}

export interface NamesParts {
  mode: Configuration['dns']['mode']
  /** Absent: nothing is told to anybody. */
  settings: DnsSettings | undefined
  /** Where the names lead now; absent: to those of the settings. */
  addresses?: () => Addresses
  register: Register
  log: Log
  now: () => Date
  /** How long what the server holds is believed without asking it. */
  believeMs?: number
}

const BELIEVE_MS = 300_000
/** Names of one update: its message stays far below 64 KiB. */
const BATCH = 100

export function openNames(parts: NamesParts): Names {
  const { mode } = parts
  if (!parts.settings)
    return { apply: async () => undefined, find: () => undefined, status: () => ({ mode, ok: true }), close() {} }
  const first = parts.settings
  const planSettings = () => leadTo(first, parts.addresses?.() ?? first)
  const patience = openPatience(parts.now)
  let known = new Map<string, NameRecord>()
  let wanted: readonly string[] = []
  let askedMs = 0

  const look = async (): Promise<NameRecord[]> => {
    const records = await listNames(parts.register.db)
    known = new Map(records.map((record) => [record.name, record]))
    return records
  }
  const ask = async (): Promise<void> => {
    if (performance.now() - askedMs < (parts.believeMs ?? BELIEVE_MS)) return
    const settings = planSettings()
    const strays = await findStrays(settings, spellContent(settings), [...known.values()])
    askedMs = performance.now()
    if (strays.length === 0) return
    parts.log.warn({ names: strays }, 'the DNS server did not hold these names as it was told')
    await parts.register.change((queries) => confirmNames(queries, strays, null, parts.now().toISOString()))
    await look()
  }
  const tell = async (
    settings: DnsSettings,
    changes: NameChange[],
    confirm: (names: string[]) => Promise<void>,
  ): Promise<boolean> => {
    for (let from = 0; from < changes.length; from += BATCH) {
      const batch = changes.slice(from, from + BATCH)
      const answer = await sendUpdate(settings, batch)
      if (!patience.heard(answer)) {
        parts.log.warn({ answer, names: batch.length }, 'the DNS server did not take an update')
        return false
      }
      await confirm(batch.map(({ name }) => name))
    }
    return true
  }
  const turn = latestWins<readonly string[]>(async (names) => {
    wanted = names
    const settings = planSettings()
    const { added } = planUpdate(settings, names, await look())
    await parts.register.change((queries) => rememberNames(queries, added))
    await ask().catch((error: unknown) => parts.log.warn({ err: error }, 'the DNS server does not answer questions'))
    if (!patience.mayTry()) return
    const { announce, withdraw } = planUpdate(settings, names, await look())
    const { change } = parts.register
    const at = () => parts.now().toISOString()
    const told =
      (await tell(settings, withdraw, (gone) => change((queries) => forgetNames(queries, gone)))) &&
      (await tell(settings, announce, (there) =>
        change((queries) => confirmNames(queries, there, spellContent(settings), at())),
      ))
    await look()
    if (!told) patience.later(() => turn(wanted).catch((error: unknown) => parts.log.error({ err: error }, 'names')))
  })
  return {
    apply: turn,
    find(name) {
      const record = known.get(name)
      return record && describe(record, spellContent(planSettings()), patience)
    },
    status: () => ({ mode, ...patience.status() }),
    close: () => patience.close(),
  }
}

/** The same with other addresses. */
function leadTo(settings: DnsSettings, { ipv4, ipv6 }: Addresses): DnsSettings {
  return { ...settings, ipv4: [...ipv4], ipv6: [...ipv6] }
}

function describe(record: NameRecord, content: string, patience: Patience): DnsState {
  const updatedAt = record.updated_at ?? undefined
  const said = record.content === content ? { state: 'announced' as const, answer: 'NOERROR' } : patience.state()
  return { ...said, ...(updatedAt && { updatedAt }) }
}
