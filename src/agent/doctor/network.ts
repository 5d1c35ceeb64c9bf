import { type Check, judge, sign, unknownCheck } from '../../model/doctor.js'
import type { CheckId } from '../../model/doctor-checks.js'
import type { Hive } from '../containers/hive.js'
import { findSysctl } from '../host/sysctls.js'

const HOUR_MS = 3_600_000

/** Bridge, cables and firewall as they are, and what was mended lately. */
export async function examineNetwork(hive: Hive): Promise<Check[]> {
  const found = await hive.network.examine()
  const about = (id: CheckId, problems: readonly string[]) =>
    judge(
      id,
      problems.map((problem) => sign(hive.settings.network.bridge, problem)),
    )
  const late = hive.repairs.filter(({ at }) => at > Date.now() - HOUR_MS)
  return [
    about('network.firewall', found.firewall),
    about('network.bridge', found.bridge),
    about('network.cables', found.cables),
    about('network.settings', found.settings),
    judge(
      'network.repairs',
      late.map(({ at, missing }) => sign(new Date(at).toISOString(), missing.join(', '))),
      'warning',
    ),
  ]
}

/** How full the table of tracked connections is. */
export async function examineConnections(): Promise<Check[]> {
  const [count, most] = ['count', 'max'].map((name) => findSysctl(`net/netfilter/nf_conntrack_${name}`))
  return [judgeConnections(count, most)]
}

const TIGHT = 0.5
const FULL = 0.9

/** Pure. */
export function judgeConnections(count: string | undefined, most: string | undefined): Check {
  const id = 'network.connections'
  if (count === undefined || most === undefined) return unknownCheck(id, 'the kernel tracks no connections')
  const share = Number(count) / Number(most)
  const signs = share < TIGHT ? [] : [sign('nf_conntrack_count', count, `< ${Math.floor(Number(most) * TIGHT)}`)]
  return judge(id, signs, share < FULL ? 'warning' : 'broken')
}
