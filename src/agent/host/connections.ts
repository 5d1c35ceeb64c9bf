import { run } from './run.js'

/**
 * Forgets all tracked connections from and to an address (conntrack(8)), so that the next owner of the address inherits none and what still
 * sends to the dead one is answered anew. None there: no change.
 */
export function forgetConnections(ipv4: string, ipv6: string): Promise<void> {
  // The sender of a connection's answers is the address itself, translated or not: reply-src finds all connections to it.
  return forget(['-s', '-r'], ipv4, ipv6)
}

/** The same for whole networks (`10.1.1.0/24`), but for connections to a redirected port: those conntrack(8) cannot find by network. */
export function forgetNetwork(ipv4: string, ipv6: string): Promise<void> {
  return forget(['-s', '-d'], ipv4, ipv6)
}

async function forget(sides: readonly string[], ipv4: string, ipv6: string): Promise<void> {
  const families = [
    { family: 'ipv4', address: ipv4 },
    { family: 'ipv6', address: ipv6 },
  ]
  // One process each: `conntrack -R -` opens /dev/stdin by name, which fails for the socket that is our children's input.
  const forgetFamily = async ({ family, address }: (typeof families)[number]): Promise<void> => {
    for (const side of sides)
      await run('conntrack', ['-D', '-f', family, side, address], { accept: [0, 1], timeoutMs: 30_000 })
  }
  await Promise.all(families.map(forgetFamily))
}
