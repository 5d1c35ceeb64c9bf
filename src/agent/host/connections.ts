import { run } from './run.js'

/**
 * Forgets all tracked connections from and to an address (conntrack(8)), so that the next owner of the address inherits none and what still
 * sends to the dead one is answered anew. None there: no change.
 */
export async function forgetConnections(ipv4: string, ipv6: string): Promise<void> {
  // The sender of a connection's answers is the address itself, translated or not: reply-src finds all connections to it.
  const lines = [
    ['-f', 'ipv4', ipv4],
    ['-f', 'ipv6', ipv6],
  ].flatMap(([, family, address]) => [`-D -f ${family} -s ${address}`, `-D -f ${family} -r ${address}`])
  await run('conntrack', ['-R', '-'], { stdin: `${lines.join('\n')}\n`, accept: [0, 1], timeoutMs: 10_000 })
}
