import { readFile } from 'node:fs/promises'
import { isIPv4, isIPv6 } from 'node:net'
import * as z from 'zod'
import type { Configuration } from '../../model/configuration.js'
import type { PublicAddressStatus } from '../../model/dns.js'
import { replaceFile } from '../certificates/group-files.js'
import type { Log } from '../log.js'
import { spellIpv6 } from './ask-server.js'
import { askWeb } from './ask-web.js'
import { DyndnsMemory, digestDyndns, isDyndnsDue, tellDyndns } from './dyndns.js'

export interface Addresses {
  ipv4: readonly string[]
  ipv6: readonly string[]
}

/** Under which addresses people outside reach the machine: as at the start, or as a page says that sees us from outside. */
export interface PublicAddresses {
  current(): Addresses
  all(): readonly string[]
  status(): PublicAddressStatus
  /** Looks whether they changed, and tells the dyndns server what it should know. To be called every now and then. */
  look(): Promise<void>
}

interface Parts {
  configuration: Pick<Configuration, 'host' | 'dyndns'>
  /** What the machine knows by itself. */
  first: Addresses
  /** Where the last answers are kept. */
  file: string
  onChanged(): void
  log: Log
  now: () => Date
}

const Memory = z
  .object({
    /** The page that said it: another's word is a new start. */
    page: z.string().optional(),
    ipv4: z.array(z.ipv4()).optional(),
    ipv6: z.array(z.ipv6()).optional(),
    dyndns: DyndnsMemory.optional(),
  })
  .strict()
type Memory = z.infer<typeof Memory>

export async function openPublicAddresses(parts: Parts): Promise<PublicAddresses> {
  const { configuration, first, file, onChanged, log, now } = parts
  const { address_page: page, address_page_ca_file: caFile } = configuration.host
  const { dyndns } = configuration
  let memory = await readMemory(file)
  if (memory.page !== page) memory = { ...(page && { page }), ...(memory.dyndns && { dyndns: memory.dyndns }) }
  let message: string | undefined
  const current = (): Addresses =>
    page === undefined ? first : { ipv4: memory.ipv4 ?? first.ipv4, ipv6: memory.ipv6 ?? first.ipv6 }
  const all = () => [...current().ipv4, ...current().ipv6]
  const keep = async (change: Partial<Memory>) => {
    memory = { ...memory, ...change }
    await replaceFile(file, JSON.stringify(memory), 0o600)
  }
  const follow = async (from: string) => {
    const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8')
    const { found, why } = await askPage(new URL(from), ca)
    const before = all().join()
    message = Object.keys(found).length > 0 ? undefined : `The page ${from} gave no address: ${why}.`
    // A family that got no answer keeps its address: silence does not say that it is gone.
    if (
      Object.entries(found).some(
        ([family, addresses]) => memory[family as keyof Addresses]?.join() !== addresses?.join(),
      )
    )
      await keep(found)
    if (all().join() === before) return
    log.info({ addresses: all() }, 'the public addresses changed')
    onChanged()
  }
  return {
    current,
    all,
    status: () => ({
      addresses: [...all()],
      followed: page !== undefined,
      ...(message !== undefined && { message }),
      ...(dyndns.server !== undefined && { dyndns: describeDyndns(memory.dyndns) }),
    }),
    async look() {
      if (page !== undefined) await follow(page)
      if (dyndns.server === undefined) return
      // Before the page has answered once, nobody knows what people outside see.
      const addresses = page !== undefined && !memory.ipv4 && !memory.ipv6 ? '' : all().join()
      const settings = await digestDyndns(dyndns)
      if (!isDyndnsDue(memory.dyndns, { settings, addresses, nowMs: now().getTime() })) return
      await keep({ dyndns: await tellDyndns(dyndns, { addresses, before: memory.dyndns, now: now(), log }) })
    },
  }
}

/** What a page says that answers with the address from which it was asked: alone, or with words around it. Pure. */
export function findAddress(text: string, family: 4 | 6): string | undefined {
  const isRight = family === 4 ? isIPv4 : isIPv6
  const found = text.split(/[^0-9A-Fa-f:.]+/).find((word) => isRight(word))
  return found === undefined || family === 4 ? found : spellIpv6(found)
}

async function askPage(page: URL, ca: string | undefined) {
  let why = 'no answer'
  const ask = async (family: 4 | 6) => {
    try {
      const { status, text } = await askWeb(page, { family, ca })
      const address = status === 200 ? findAddress(text, family) : undefined
      if (address === undefined) why = status === 200 ? 'there is none in its answer' : `HTTP ${status}`
      return address
    } catch (error) {
      why = error instanceof Error ? error.message.slice(0, 200) : String(error)
      return undefined
    }
  }
  const [ipv4, ipv6] = await Promise.all([ask(4), ask(6)])
  return { found: { ...(ipv4 && { ipv4: [ipv4] }), ...(ipv6 && { ipv6: [ipv6] }) }, why }
}

function describeDyndns(memory: DyndnsMemory | undefined): NonNullable<PublicAddressStatus['dyndns']> {
  if (!memory) return { state: 'pending' }
  const { outcome, answer, at, nextTryAt } = memory
  const state = { done: 'told', refused: 'refused', later: 'failed' } as const
  return { state: state[outcome], answer, at, ...(nextTryAt && { nextTryAt }) }
}

async function readMemory(file: string): Promise<Memory> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    return Memory.parse(JSON.parse(text))
  } catch {
    // Half a word is none: everything is asked anew.
    return {}
  }
}
