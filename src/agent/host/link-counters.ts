import { readFile } from 'node:fs/promises'

/** Bytes that came in by a link and that went out by it. */
export interface LinkCounters {
  receivedBytes: number
  sentBytes: number
}

/** Of every link of this network namespace, by name (proc_pid_net(5): /proc/net/dev). */
export async function readLinkCounters(): Promise<Map<string, LinkCounters>> {
  return parseLinkCounters(await readFile('/proc/self/net/dev', 'utf8'))
}

/** Pure: `NAME: received bytes and seven more, sent bytes and seven more`. */
export function parseLinkCounters(text: string): Map<string, LinkCounters> {
  const counters = new Map<string, LinkCounters>()
  for (const [, name = '', numbers = ''] of text.matchAll(/^ *([^:\s]+): *(.*)$/gm)) {
    const [receivedBytes, , , , , , , , sentBytes] = numbers.split(/ +/).map(Number)
    if (receivedBytes !== undefined && sentBytes !== undefined) counters.set(name, { receivedBytes, sentBytes })
  }
  return counters
}
