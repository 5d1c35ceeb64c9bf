import type { Examination } from '../../../../src/model/doctor.js'
import type { CheckId } from '../../../../src/model/doctor-checks.js'
import type { Platform } from '../../../helpers/platform.js'

/** Something made worse by hand; what it answers makes it good again. */
export interface Weakening {
  name: string
  /** The promises that it breaks, and no others. */
  ids: CheckId[]
  weaken(platform: Platform): Promise<() => Promise<unknown>>
}

/**
 * What is the machine's on which the tests run, and not the platform's: it has no name server, no time service, no systemd, kernel settings of its own, and
 * its tables of connections belong to all who work on it.
 */
export const OUTER_MACHINE: CheckId[] = [
  ...(['network.resolver', 'machine.advice', 'machine.clock', 'machine.services'] as const),
  ...(['machine.hardening', 'machine.tables', 'network.connections', 'machine.disk'] as const),
]

/** All checks that are not ok. What Ruche mended by itself meanwhile is told of for an hour: that is no fault of now. */
export async function findTrouble(platform: Platform): Promise<Examination['checks']> {
  const { stdout, stderr } = await platform.ruche('doctor', '--json')
  const { checks } = JSON.parse(stdout || `{"error":${JSON.stringify(stderr)}}`) as Partial<Examination>
  if (checks === undefined) throw new Error(`${stdout}${stderr}`)
  return checks.filter(({ id, level }) => level !== 'ok' && id !== 'network.repairs')
}
