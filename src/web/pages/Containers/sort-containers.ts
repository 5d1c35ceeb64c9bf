import type { Site } from '../../../model/site.js'
import { stackName } from '../../../model/stack.js'

export const COLUMNS = ['name', 'owner', 'state', 'stack', 'cpu', 'memory', 'disk', 'restarts', 'started'] as const
export type Column = (typeof COLUMNS)[number]
export interface Order {
  column: Column
  descending: boolean
}

type Value = string | number | undefined

function readColumn(site: Site, column: Column, cpuMilli: (name: string) => number | undefined): Value {
  switch (column) {
    case 'name':
      return site.name
    case 'owner':
      return site.owner
    case 'state':
      return site.state
    case 'stack':
      return stackName(site.stack)
    case 'cpu':
      return cpuMilli(site.name)
    case 'memory':
      return site.usage?.memoryBytes
    case 'disk':
      return site.usage?.diskUsedBytes
    case 'restarts':
      return site.restarts
    case 'started':
      return site.startedAt
  }
}

const { compare } = new Intl.Collator(undefined, { numeric: true })

function compareValues(a: Value, b: Value): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b))
}

/** The sites in this order; what is unknown comes last either way, equal ones by name. */
export function sortContainers(
  sites: Site[],
  { column, descending }: Order,
  cpuMilli: (name: string) => number | undefined,
): Site[] {
  return sites.toSorted((a, b) => {
    const [x, y] = [readColumn(a, column, cpuMilli), readColumn(b, column, cpuMilli)]
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined) || compare(a.name, b.name)
    return (descending ? -1 : 1) * compareValues(x, y) || compare(a.name, b.name)
  })
}

/** The order after a click on a column's head. Quantities begin with the largest. */
export function nextOrder(order: Order, column: Column): Order {
  if (order.column === column) return { column, descending: !order.descending }
  return { column, descending: ['cpu', 'memory', 'disk', 'restarts', 'started'].includes(column) }
}
