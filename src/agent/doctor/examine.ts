import { type Check, unknownCheck } from '../../model/doctor.js'
import type { CheckId } from '../../model/doctor-checks.js'
import type { Note } from '../../model/progress.js'
import { explainFailure } from '../containers/explain-failure.js'
import type { Hive } from '../containers/hive.js'
import { examineDisk } from './disk.js'
import { examineFiles } from './files.js'
import { examineClock, examineFeatures, examineSysctls } from './machine.js'
import { examineConnections, examineNetwork } from './network.js'
import { examineProbe } from './probe.js'
import { examineProxy } from './proxy.js'
import { examineSites } from './sites.js'
import { examineTemplates } from './templates.js'
import { examineUsers } from './users.js'

/** One thing to look at, and what it answers for. */
interface Look {
  step: string
  ids: readonly CheckId[]
  look: () => Promise<Check[]>
}

/** Everything that the agent can tell of this machine and its sites. Nothing is changed, but that a throw-away container comes and goes. */
export async function examineHost(hive: Hive, proxyGroup: string, note: Note): Promise<Check[]> {
  const known: Look[] = [
    {
      step: 'sites',
      ids: ['sites.processes', 'sites.namespaces', 'sites.ceilings', 'sites.mounts', 'sites.limits'],
      look: () => examineSites(hive),
    },
    {
      step: 'network',
      ids: ['network.firewall', 'network.bridge', 'network.cables', 'network.settings', 'network.repairs'],
      look: () => examineNetwork(hive),
    },
    { step: 'front proxy', ids: ['proxy.process'], look: () => examineProxy(hive, proxyGroup) },
    { step: 'machine', ids: ['machine.disk'], look: () => examineDisk(hive) },
  ]
  return runLooks([...known, ...planStill(hive), ...MACHINE], note)
}

/** What the rooms are needed for, apart from what runs. */
export type Rooms = Pick<Hive, 'settings' | 'locks' | 'cgroups' | 'launcher' | 'containers'>

/** What can be seen of an installation with no agent running. */
export function examineWithoutAgent(rooms: Rooms): Promise<Check[]> {
  return runLooks([...planStill(rooms), ...MACHINE], () => undefined)
}

/** What can be seen of any machine. */
export function examineMachine(): Promise<Check[]> {
  return runLooks(MACHINE, () => undefined)
}

function planStill(rooms: Rooms): Look[] {
  const { settings } = rooms
  return [
    { step: 'users', ids: ['sites.users'], look: () => examineUsers(rooms) },
    { step: 'templates', ids: ['sites.templates', 'files.templates'], look: () => examineTemplates(rooms) },
    { step: 'files', ids: ['files.folders', 'files.images', 'files.secrets'], look: () => examineFiles(settings) },
    { step: 'machine', ids: ['machine.clock'], look: () => examineClock(settings.stateFolder) },
    { step: 'probe', ids: ['probe.refusals', 'probe.confinement'], look: () => examineProbe(rooms) },
  ]
}

/** After the probe: the kernel loads what containers need when it is first asked for it. */
const MACHINE: readonly Look[] = [
  { step: 'network', ids: ['network.connections'], look: examineConnections },
  { step: 'machine', ids: ['machine.tables', 'machine.hardening', 'machine.advice'], look: examineSysctls },
  { step: 'machine', ids: ['machine.features'], look: examineFeatures },
]

/** One after the other, so that what one makes is not what another finds. What cannot be looked at is unknown. */
export async function runLooks(looks: readonly Look[], note: Note): Promise<Check[]> {
  const checks: Check[] = []
  for (const [at, { step, ids, look }] of looks.entries()) {
    note({ step, percent: Math.round((100 * at) / looks.length) })
    const found = await look().catch((error: unknown) =>
      ids.map((id) => unknownCheck(id, explainFailure(error).message)),
    )
    checks.push(...found)
  }
  return checks
}
