import { Resolver } from 'node:dns/promises'
import { spellIpv6 } from './ask-server.js'

/** What DNS says about a domain name. */
export interface DomainAnswers {
  /** Texts of the record at the servers of its zone, of all that answered; or why none did. */
  record: { zone: string; texts: string[]; asked: number; silent: number } | { unknown: string }
  /** Addresses as people's resolvers find them; undefined: nobody answered. */
  addresses: string[] | undefined
}

/** Asks DNS about a domain name and a TXT record. Never throws. */
export type AskDomain = (name: string, record: string) => Promise<DomainAnswers>

const TIMEOUT_MS = 2500
const MOST_SERVERS = 6
const ABSENT = ['ENOTFOUND', 'ENODATA']

/** Asks the machine's own resolvers who answers for the zone, and these servers themselves for the record: no cache stands between (RFC 1034 §4.3.1). */
export const askDomain: AskDomain = async (name, record) => {
  const [found, addresses] = await Promise.all([
    askRecord(record).catch(() => ({ unknown: 'No name server could be asked.' })),
    askAddresses(name),
  ])
  return { record: found, addresses }
}

/** Where people's resolvers say that a name leads; undefined: nobody answered. Never throws. */
export const askAddresses = (name: string): Promise<string[] | undefined> =>
  findAddresses(makeResolver(), name).catch(() => undefined)

async function askRecord(record: string): Promise<DomainAnswers['record']> {
  const resolver = makeResolver()
  const zone = await findZone(resolver, record)
  if (!zone) return { unknown: `Nobody could say which name servers answer for ${record}.` }
  const found = await Promise.all(zone.servers.map((server) => findAddresses(resolver, server).catch(() => [])))
  const servers = found.flat().slice(0, MOST_SERVERS)
  const answers = await Promise.all(servers.map((address) => orUndefined(askTexts(makeResolver(address), record))))
  const heard = answers.filter((texts) => texts !== undefined)
  if (heard.length === 0) return { unknown: `The name servers of ${zone.name} do not answer.` }
  const texts = [...new Set(heard.flat())]
  return { zone: zone.name, texts, asked: servers.length, silent: servers.length - heard.length }
}

/** The closest zone at or above a name, with the names of its servers; undefined when there is none. */
async function findZone(resolver: Resolver, name: string): Promise<{ name: string; servers: string[] } | undefined> {
  const labels = name.split('.')
  for (let n = 0; n < labels.length; n++) {
    const zone = labels.slice(n).join('.')
    const servers = await orNone(resolver.resolveNs(zone))
    if (servers.length > 0) return { name: zone, servers }
  }
  return undefined
}

const askTexts = async (resolver: Resolver, record: string): Promise<string[]> =>
  (await orNone(resolver.resolveTxt(record))).map((parts) => parts.join(''))

async function findAddresses(resolver: Resolver, name: string): Promise<string[]> {
  const [ipv4, ipv6] = await Promise.all([orNone(resolver.resolve4(name)), orNone(resolver.resolve6(name))])
  return [...ipv4, ...ipv6.map(spellIpv6)]
}

function makeResolver(server?: string): Resolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 })
  if (server !== undefined) resolver.setServers([server])
  return resolver
}

/** "There is none" is an answer, silence is not. */
async function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer
  } catch (error) {
    if (ABSENT.includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

const orUndefined = <T>(answer: Promise<T>): Promise<T | undefined> => answer.catch(() => undefined)
