import { readFile } from 'node:fs/promises'
import { type Check, judge, type Sign, sign } from '../../model/doctor.js'

/** This very process: an ordinary user without a capability. */
export async function examineOwnPower(): Promise<Check[]> {
  return [judge('platform.server', findPowerSigns(await readFile('/proc/self/status', 'latin1')))]
}

/** Pure: from /proc/self/status. */
export function findPowerSigns(status: string): Sign[] {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
  const uids = field('Uid').split(/\s+/)
  const capabilities = ['CapPrm', 'CapEff', 'CapAmb'].filter((name) => !/^0*$/.test(field(name)))
  return [
    ...(uids.includes('0') ? [sign('uid', '0', '≠ 0')] : []),
    ...capabilities.map((name) => sign(name, `0x${field(name)}`, '0')),
  ]
}
