import { readFile } from 'node:fs/promises'
import { type Check, judge, type Sign, sign } from '../../model/doctor.js'
import type { Hive } from '../containers/hive.js'
import { readRecords, SLOTS, uidBaseOf } from '../containers/record.js'

/** Ranges of user ids: as they are written on the disk now, as this agent knows them, and as other users of the machine have them. */
export async function examineUsers(hive: Pick<Hive, 'settings' | 'containers'>): Promise<Check[]> {
  const { records, broken } = await readRecords(hive.settings.stateFolder)
  const known = new Map([...hive.containers.values()].map(({ id, record }) => [id, record.slot]))
  const [passwd, subuid] = await Promise.all(
    ['/etc/passwd', '/etc/subuid'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  return [
    judge('sites.users', [
      ...findSlotSigns(
        records.map(({ spec, slot }) => ({ id: spec.id, slot })),
        known,
      ),
      ...broken.map(({ id }) => sign(id, 'spec.json –')),
      ...findForeignUsers(passwd ?? '', subuid ?? ''),
    ]),
  ]
}

/** Pure. */
export function findSlotSigns(
  written: readonly { id: string; slot: number }[],
  known: ReadonlyMap<string, number>,
): Sign[] {
  const range = (slot: number) => `${uidBaseOf(slot)}–${uidBaseOf(slot + 1) - 1}`
  return written.flatMap(({ id, slot }) => {
    const others = written.filter((other) => other.id !== id && other.slot === slot).map((other) => other.id)
    const mine = known.get(id)
    return [
      ...(others.length > 0 ? [sign(id, `${range(slot)}: ${others.join(', ')}`)] : []),
      ...(mine !== undefined && mine !== slot ? [sign(id, `spec.json ${range(slot)}`, range(mine))] : []),
    ]
  })
}

/** Users of the machine, and ranges handed to them (subuid(5)), within those of the sites. Pure. */
export function findForeignUsers(passwd: string, subuid: string): Sign[] {
  const [first, last] = [uidBaseOf(0), uidBaseOf(SLOTS + 1) - 1]
  const rows = (text: string) => text.split('\n').map((line) => line.split(':'))
  const users = rows(passwd).map(([name = '', , uid]) => ({ name, from: Number(uid), count: 1 }))
  const ranges = rows(subuid).map(([name = '', from, count]) => ({ name, from: Number(from), count: Number(count) }))
  return [...users, ...ranges]
    .filter(({ from, count }) => from <= last && from + count > first)
    .filter(({ name }) => name !== 'root' && name !== 'ruche')
    .map(({ name, from, count }) => sign(name, `${from}–${from + count - 1}`, `< ${first}`))
}
