import { Resolver } from 'node:dns/promises'
import { type Check, judge, sign, unknownCheck } from '../../model/doctor.js'

const TIMEOUT_MS = 2000
/** Any answer is one: whether the root is known there does not matter. */
const SILENT = ['ETIMEOUT', 'ECONNREFUSED', 'ECANCELLED']

/** Whether the sites' name servers answer this machine; `undefined`: nobody could say which they are. */
export async function examineResolvers(resolvers: readonly string[] | undefined): Promise<Check[]> {
  const id = 'network.resolver'
  if (resolvers === undefined) return [unknownCheck(id, 'the agent does not answer')]
  if (resolvers.length === 0) return [judge(id, [sign('network.resolvers', '–')], 'warning')]
  const answers = await Promise.all(resolvers.map(async (address) => ({ address, code: await ask(address) })))
  const silent = answers.filter(({ code }) => SILENT.includes(code))
  return [
    judge(
      id,
      silent.map(({ address, code }) => sign(address, code)),
      'warning',
    ),
  ]
}

async function ask(address: string): Promise<string> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
  resolver.setServers([address])
  try {
    await resolver.resolveNs('.')
    return 'OK'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error'
  }
}
