import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type Check, judge, type Sign, sign } from '../../model/doctor.js'
import type { Hive } from '../containers/hive.js'
import { getAccount } from '../host/accounts.js'
import { type Listener, parseListeners } from '../host/listeners.js'
import { findProcessFacts, type ProcessFacts } from '../host/process-facts.js'

const NET_BIND_SERVICE = 1n << 10n

/** The front proxy's processes, and who holds its ports. `group`: its group of processes. */
export async function examineProxy(hive: Hive, group: string): Promise<Check[]> {
  const { network, proxy } = hive.settings
  const { uid } = await getAccount(proxy.user)
  const processes = (await hive.cgroups.processes(group)).map(findProcessFacts).filter((facts) => facts !== undefined)
  const listeners = ['tcp', 'tcp6'].flatMap((table) => parseListeners(readTable(table)))
  const addresses = [...network.publicIpv4, ...network.publicIpv6]
  const ports = [network.httpPort, network.httpsPort]
  return [
    judge('proxy.process', [
      ...findProxySigns(processes, uid),
      ...findForeignListeners(listeners, { addresses, ports }, uid),
    ]),
  ]
}

/** Pure. */
export function findProxySigns(processes: readonly ProcessFacts[], uid: number): Sign[] {
  if (processes.length === 0) return [sign('nginx', '–')]
  return processes.flatMap((facts) => {
    const what = `process ${facts.pid} (${facts.name})`
    const { bounding, permitted } = facts.capabilities
    const most = (bounding | permitted) & ~NET_BIND_SERVICE
    return [
      ...facts.uids
        .filter((one) => one !== uid)
        .slice(0, 1)
        .map((one) => sign(what, `uid ${one}`, `${uid}`)),
      ...(most === 0n ? [] : [sign(what, `capabilities 0x${(bounding | permitted).toString(16)}`, '0x400')]),
      ...(facts.noNewPrivs ? [] : [sign(what, 'no_new_privs 0', '1')]),
    ]
  })
}

/** Sockets on the front proxy's ports that another user opened. Pure. */
export function findForeignListeners(
  listeners: readonly Listener[],
  { addresses, ports }: { addresses: readonly string[]; ports: readonly number[] },
  uid: number,
): Sign[] {
  const isAny = (address: string) => address === '0.0.0.0' || address === '::'
  return listeners
    .filter(({ address, port }) => ports.includes(port) && (isAny(address) || addresses.includes(address)))
    .filter((listener) => listener.uid !== uid)
    .map(({ address, port, uid: found }) =>
      sign(isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`, `uid ${found}`, `${uid}`),
    )
}

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1')
  } catch {
    return ''
  }
}
