import type { TextRecords } from '../../names/text-records.js'

export interface Outside {
  /** DNS that we may change. */
  records: TextRecords | undefined
  /** Where a name leads; undefined: nobody could say. */
  askAddresses(name: string): Promise<string[] | undefined>
  /** The machine's public addresses. */
  here(): readonly string[]
}

/** Why an authority could not be shown now that these names are ours, in words; undefined: it can. So no try is spent in vain. */
export async function findObstacle(names: readonly string[], outside: Outside): Promise<string | undefined> {
  for (const name of names) {
    if (outside.records?.covers(name.replace(/^\*\./, ''))) continue
    if (name.startsWith('*.')) return `A certificate for ${name} needs DNS that Ruche may change: see [dns].`
    const obstacle = judgeWay(name, await outside.askAddresses(name), outside.here())
    if (obstacle !== undefined) return obstacle
  }
  return undefined
}

/** The authority takes any of the addresses (RFC 8555 §8.3), so all must lead here. Pure. */
export function judgeWay(
  name: string,
  found: readonly string[] | undefined,
  here: readonly string[],
): string | undefined {
  if (!found) return `Nobody could say where ${name} leads.`
  if (found.length === 0) return `${name} has no address yet.`
  const others = found.filter((address) => !here.includes(address))
  return others.length === 0 ? undefined : `${name} leads to ${others.join(', ')}, which is not this machine.`
}
