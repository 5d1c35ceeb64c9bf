import { run } from './run.js'

/**
 * Forgets all tracked connections from and to an address (conntrack(8)), so that the next owner of the address inherits none and what still
 * sends to the dead one is answered anew. None there: no change.
 */
export async function forgetConnections(ipv4: string, ipv6: string): Promise<void> {
  // The sender of a connection's answers is the address itself, translated or not: reply-src finds all connections to it.
  const commands = [
    { family: 'ipv4', address: ipv4 },
    { family: 'ipv6', address: ipv6 },
  ].flatMap(({ family, address }) => ['-s', '-r'].map((side) => ['-D', '-f', family, side, address]))
  // One process each: `conntrack -R -` opens /dev/stdin by name, which fails for the socket that is our children's input.
  await Promise.all(commands.map((args) => run('conntrack', args, { accept: [0, 1], timeoutMs: 10_000 })))
}
