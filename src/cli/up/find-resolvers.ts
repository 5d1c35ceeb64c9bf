import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

// systemd-resolved puts its own loopback address into the first and the real servers into the second.
const FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']

/** The DNS servers of this machine that containers can be led to; none is possible. */
export async function findResolvers(): Promise<string[]> {
  for (const file of FILES) {
    const resolvers = parseResolvers(await readFile(file, 'utf8').catch(() => ''))
    if (resolvers.length > 0) return resolvers
  }
  return []
}

/** Addresses of a resolv.conf(5) that are neither loopback nor tied to an interface. Pure. */
export function parseResolvers(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((address) => isIP(address) !== 0 && !/^(127\.|::1$|0\.0\.0\.0$|::$|fe80:)/i.test(address))
}
