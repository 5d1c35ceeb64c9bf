import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findTable, type RuleObject } from '../host/nftables.js'
import { TABLES } from './firewall.js'
import type { FirewallPlan, Port } from './firewall-plan.js'
import { type FirewallSet, planSets } from './firewall-sets.js'

/** What the kernel has of our firewall, without counts. */
export interface FirewallState {
  /** Every chain, rule and set with the kernel's handles: other text, or the same loaded by somebody else, is another one. */
  rules: string
  /** `table name` of a set that follows from the containers → its elements, in the words of `planSets` without quotes. */
  elements: ReadonlyMap<string, readonly string[]>
}

const Value = z.union([z.string(), z.number()])
const Key = z.union([Value, z.object({ concat: z.array(Value) })])
type Key = z.output<typeof Key>
const Elements = z.array(z.union([Key, z.tuple([Key, Key])]))
// An empty set has no `elem` at all.
const SetObject = z.object({ name: z.string(), elem: z.unknown().optional() })

const isLimits = (table: string): boolean => table === 'inet ruche_limits'

/** Reads it back; undefined when a table of ours is missing. */
export async function findFirewallState(plan: FirewallPlan): Promise<FirewallState | undefined> {
  const wanted = TABLES.filter((table) => plan.uplink !== null || !isLimits(table))
  const tables = await Promise.all(wanted.map((table) => findTable(table, { terse: isLimits(table) })))
  const planned = new Set(planSets(plan, []).map(({ table, name }) => `${table} ${name}`))
  const rules: unknown[] = []
  const elements = new Map<string, string[]>()
  for (const [at, objects] of tables.entries()) {
    if (objects === undefined) return undefined
    for (const object of objects) {
      const set = findSet(object)
      const name = `${wanted[at]} ${set?.name}`
      if (set !== undefined && planned.has(name)) elements.set(name, readElements(set.elem))
      if (object.counter === undefined) rules.push(withoutElements(object))
    }
  }
  return { rules: JSON.stringify(rules), elements }
}

function findSet(object: RuleObject): z.output<typeof SetObject> | undefined {
  return SetObject.safeParse(object.set ?? object.map).data
}

// Intervals are our own lists of addresses and belong to the rules; other sets fill and empty themselves.
function withoutElements(object: RuleObject): unknown {
  const set = (object.set ?? object.map) as RuleObject | undefined
  // Newer nft write a single flag without a list around it.
  if (set === undefined || [set.flags].flat().includes('interval')) return object
  return { ...set, elem: undefined }
}

function readElements(elem: unknown): string[] {
  const parsed = Elements.safeParse(elem ?? [])
  if (parsed.success) return parsed.data.map(toText).sort()
  throw new AppError('host_failed', 'the firewall cannot be understood', { cause: parsed.error })
}

function toText(element: Key | [Key, Key]): string {
  if (Array.isArray(element)) return element.map(toText).join(' : ')
  return typeof element === 'object' ? element.concat.join(' . ') : String(element)
}

/** What differs from what should be, in words. `rules`: how they read when they were loaded. */
export function findFirewallProblems(
  plan: FirewallPlan,
  ports: readonly Port[],
  rules: string,
  state: FirewallState | undefined,
): string[] {
  if (state === undefined) return ['the firewall is missing']
  const differs = ({ table, name, elements }: FirewallSet) => {
    const wanted = elements.map((element) => element.replaceAll('"', '')).sort()
    return JSON.stringify(state.elements.get(`${table} ${name}`)) !== JSON.stringify(wanted)
  }
  const wrong = planSets(plan, ports).filter(differs)
  return [
    ...(state.rules === rules ? [] : ['the rules of the firewall were changed by somebody else']),
    ...wrong.map(({ name }) => `the set ${name} of the firewall was changed by somebody else`),
  ]
}

/** The containers that a firewall was loaded for, read back from its sets: what an earlier agent knew. */
export function readPorts(plan: FirewallPlan, state: FirewallState): Port[] {
  const of = (name: string) => state.elements.get(name) ?? []
  const up = new Set(of('inet ruche up4'))
  const sftpPorts = new Map(of('inet ruche sftp4').map((row) => row.split(' : ').reverse() as [string, string]))
  return of('bridge ruche v4')
    .map((row) => row.split(' . ')[1] ?? '')
    .filter((ipv4) => ipv4.startsWith(`${plan.addresses.ipv4Bytes.join('.')}.`))
    .map((ipv4) => ({
      n: Number(ipv4.split('.')[3]),
      sftpPort: Number(sftpPorts.get(`${ipv4} . 22`) ?? 0),
      up: up.has(ipv4),
    }))
}

/** Whether a firewall of ours from an earlier life forwards for nobody but the sites; undefined when there is none. */
export async function findForwardPolicy(): Promise<'accept' | 'drop' | undefined> {
  const objects = (await findTable('inet ruche', { terse: true })) ?? []
  const chains = objects.map(({ chain }) => chain as RuleObject | undefined)
  const policy = chains.find((chain) => chain?.name === 'forward')?.policy
  return policy === 'accept' || policy === 'drop' ? policy : undefined
}
