import type { LogEntry } from '../../src/model/site-log.js'
import { findSite } from '../../src/server/register/sites.js'
import type { TestBrain } from './test-brain.js'

const STEP_MS = 30_000
const HOURS = 12
const MIB = 1024 ** 2
const LINES: [number, LogEntry['level'], string, string][] = [
  [47, 'info', 'life', 'Started.'],
  [31, 'info', 'visits', 'GET / 200, 14 ms'],
  [31, 'info', 'visits', 'GET /styles/main.css 200, 1 ms'],
  [22, 'info', 'visits', 'GET /onion-soup 404, 6 ms'],
  [12, 'warning', 'php', 'PHP Warning:  Undefined variable $season in /home/site/public/index.php on line 12'],
  [
    9,
    'error',
    'php',
    'PHP Fatal error:  Uncaught PDOException: no such table: seasons in /home/site/public/index.php:14',
  ],
  [9, 'error', 'visits', 'GET / 500, 9 ms'],
  [3, 'info', 'visits', 'GET / 200, 12 ms'],
  [1, 'info', 'visits', 'GET /about.html 200, 2 ms'],
]

const NOBODY = { at: 0, host: '', address: '', method: 'GET', uri: '/', sentBytes: 0, agent: '' }

/** Gives a site twelve hours of measures, as of a day with a quiet morning and a lesson in the afternoon, the last lines of its log, and a table. */
export async function makePast({ engine, dependencies }: TestBrain, name: string): Promise<void> {
  const { meters, journals, register, now } = dependencies
  const { uuid } = (await findSite(register.db, name)) ?? raise(name)
  const steps = (HOURS * 3_600_000) / STEP_MS
  let [cpuNs, sentBytes] = [0, 0]
  for (let step = 0; step < steps; step++) {
    const part = step / steps
    const busy = 0.5 + 0.5 * Math.sin(part * 9) * Math.sin(part * 31) + (part > 0.6 && part < 0.8 ? 1.5 : 0)
    const requests = Math.round(busy * 12)
    cpuNs += busy * 0.14 * STEP_MS * 1e6
    sentBytes += requests * 30_000
    const request = { site: name, status: step % 97 === 0 ? 500 : 200, seconds: 0.008 + ((busy * step) % 23) / 1000 }
    meters.countRequests(Array.from({ length: requests }, () => ({ ...NOBODY, ...request })))
    const usage = {
      ...{
        cpuNs,
        throttledNs: 0,
        memoryBytes: (90 + 45 * busy + (step % 40)) * MIB,
        oomKills: 0,
        pids: 14 + Math.round(busy),
      },
      ...{
        diskUsedBytes: (38 + part * 4) * MIB,
        readBytes: step * 4096,
        writtenBytes: step * 9000,
        receivedBytes: sentBytes / 20,
        sentBytes,
      },
    }
    await meters.sample([{ name, uuid, usage }], new Date(now().getTime() - (steps - step) * STEP_MS))
  }
  const at = (minutes: number) => new Date(now().getTime() - minutes * 60_000).toISOString()
  for (const [minutes, level, source, text] of LINES)
    await journals.add(uuid, source === 'visits' ? 'visits' : 'life', [{ at: at(minutes), source, level, text }])
  engine.database(name).put(
    'recipes',
    [
      { name: 'id', type: 'int' },
      { name: 'title', type: 'varchar' },
      { name: 'minutes', type: 'int' },
      { name: 'note', type: 'text' },
    ],
    [
      ['1', 'Onion soup', '45', 'Better the next day'],
      ['2', 'Apple pie', '70', null],
      ['3', 'Flat bread', '25', 'Without yeast'],
      ['4', 'Lentil salad', '30', null],
    ],
  )
}

function raise(name: string): never {
  throw new Error(`there is no site ${name}`)
}
