import { keepObserver } from './observer.js'

// `miss 10.1.1.5 dev ruche0 INCOMPLETE`: something is to be sent to an address whose neighbour the kernel does not know (ip-monitor(8)).
const MISS = /^miss ([0-9a-f.:]+) dev (\S+) /

/**
 * Tells of every address on that link to which something is to be sent and whose neighbour is not known: once each time the kernel begins to look for
 * it, where `app_solicit` of the link is not 0 (arp(7)). Keeps one `ip monitor` in the current network namespace running; what happens while
 * none does is not told.
 */
export function watchMissedNeighbours(link: string, onMiss: (address: string) => void): { close(): void } {
  // The end of its input would not end it, so it dies with us (prctl(2), PR_SET_PDEATHSIG).
  return keepObserver('setpriv', ['--pdeathsig', 'KILL', '--', 'ip', 'monitor', 'neigh'], {
    onLine: (line) => {
      const [, address, where] = MISS.exec(line) ?? []
      if (address !== undefined && where === link) onMiss(address)
    },
  })
}
