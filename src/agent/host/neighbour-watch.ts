import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

type Observer = ChildProcessByStdio<null, Readable, null>

const RESTART_DELAY_MS = 500
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
// `miss 10.1.1.5 dev ruche0 INCOMPLETE`: something is to be sent to an address whose neighbour the kernel does not know (ip-monitor(8)).
const MISS = /^miss ([0-9a-f.:]+) dev (\S+) /

/**
 * Tells of every address on that link to which something is to be sent and whose neighbour is not known: once each time the kernel begins to look for
 * it, where `app_solicit` of the link is not 0 (arp(7)). Keeps one `ip monitor` in the current network namespace running; what happens while
 * none does is not told.
 */
export function watchMissedNeighbours(link: string, onMiss: (address: string) => void): { close(): void } {
  let observer: Observer | undefined
  let restart: NodeJS.Timeout | undefined
  let closed = false
  const begin = (): void => {
    restart = undefined
    // It has no input whose end would end it, so it dies with us (prctl(2), PR_SET_PDEATHSIG).
    observer = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'ip', 'monitor', 'neigh'], {
      cwd: '/',
      env: { PATH: SYSTEM_PATH },
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: observer.stdout }).on('line', (line) => {
      const [, address, where] = MISS.exec(line) ?? []
      if (address !== undefined && where === link) onMiss(address)
    })
    for (const event of ['error', 'exit']) observer.once(event, again)
  }
  const again = (): void => {
    observer = undefined
    if (!closed) restart ??= setTimeout(begin, RESTART_DELAY_MS)
  }
  begin()
  return {
    close: () => {
      closed = true
      clearTimeout(restart)
      observer?.kill('SIGKILL')
    },
  }
}
