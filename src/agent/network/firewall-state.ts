import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findRules } from '../host/nftables.js'
import { CHAINS } from './firewall.js'
import type { FirewallPlan, Port } from './firewall-plan.js'
import { type FirewallSet, planSets } from './firewall-sets.js'

/** What the kernel has of our firewall, without counters. */
export interface FirewallState {
  /** Every chain and rule with the kernel's handles: other text, or the same loaded by somebody else, is another one. */
  rules: string
  /** `table name` of a set → its elements, in the words of `planSets` without quotes. */
  elements: ReadonlyMap<string, readonly string[]>
}

const Value = z.union([z.string(), z.number()])
const Key = z.union([Value, z.object({ concat: z.array(Value) })])
const Elements = z.array(z.union([Key, z.tuple([Key, Key])]))
const Listed = z.object({
  family: z.string(),
  table: z.string(),
  name: z.string(),
  elem: Elements.optional(),
})
const Document = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) })

/** Reads it back in one call of nft; undefined when a table, chain or set of ours is missing. */
export async function findFirewallState(plan: FirewallPlan): Promise<FirewallState | undefined> {
  const sets = planSets(plan, [])
  const commands = [
    ...CHAINS.map((chain) => `chain ${chain}`),
    ...sets.map(({ kind, table, name }) => `${kind} ${table} ${name}`),
  ]
  const documents = await findRules(commands)
  if (documents === undefined) return undefined
  const chains = documents.slice(0, CHAINS.length)
  const elements = documents.slice(CHAINS.length).map(readElements)
  return { rules: JSON.stringify(chains), elements: new Map(elements) }
}

function readElements(document: unknown): [string, string[]] {
  const parsed = Document.safeParse(document)
  const object = parsed.data?.nftables.map((item) => item.set ?? item.map).find((item) => item !== undefined)
  const listed = Listed.safeParse(object)
  if (!listed.success) throw new AppError('host_failed', 'the firewall cannot be read', { cause: listed.error })
  const { family, table, name, elem = [] } = listed.data
  return [`${family} ${table} ${name}`, elem.map(toText).sort()]
}

function toText(element: z.output<typeof Elements>[number]): string {
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

/** Whether a firewall of ours from an earlier life forwards for nobody but the sites; undefined when there is none. */
export async function findForwardPolicy(): Promise<'accept' | 'drop' | undefined> {
  const text = JSON.stringify((await findRules(['chain inet ruche forward'])) ?? '')
  const policy = /"policy": ?"(accept|drop)"/.exec(text)?.[1]
  return policy === 'accept' || policy === 'drop' ? policy : undefined
}
