// 250 sites on one machine, 50 of them awake: `node bench/density.mjs [--quick] [--json]`, as root.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPlatform } from './platform.mjs'
import { print, state } from './rows.mjs'
import { run, until } from './run.mjs'

const isQuick = process.argv.includes('--quick')
const [ALL, AWAKE] = isQuick ? [40, 10] : [250, 50]
const SETTLE_S = isQuick ? 15 : 60
/** As long as the longest of what server and agent do at regular times in a minute. */
const WINDOW_S = 30
const WINDOWS = isQuick ? 1 : 7
/** The clock of /proc: 100 to the second on every Debian. */
const TICKS = 100
const AT_ONCE = 4
const stack = { server: 'nginx', language: 'static', database: 'none' }
const limits = { diskBytes: 128 * 1024 ** 2, memoryBytes: 64 * 1024 ** 2 }
const names = Array.from({ length: ALL }, (_, index) => `site-${index}`)

const { platform, client, finish, pids, close } = await openPlatform()
const ratios = []
try {
  const creating = await time(() => each(names, (name) => client.call('createSite', { body: { name, stack, limits } })))
  await each(names.slice(AWAKE), (name) => client.call('sleepSite', { params: { name } }))
  // What the work of making them has left behind is put away first.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_S * 1000))
  const [idle, memory] = [[], []]
  for (let window = 0; window < WINDOWS; window++) {
    const ticks = sumOf(ticksOf)
    await new Promise((resolve) => setTimeout(resolve, WINDOW_S * 1000))
    idle.push((sumOf(ticksOf) - ticks) / TICKS / WINDOW_S)
    memory.push(sumOf(rssOf))
  }
  const disk = Number((await run('du', ['-s', '-B1', join(platform.root, 'lib/agent/sites')])).split('\t')[0])
  // As after a reboot: everything has ended, and all that are wanted come back, those that sleep asleep.
  await platform.stop()
  const back = await time(async () => {
    await platform.start()
    await until('all that were awake are', async () => (await countRunning()) === AWAKE, 100, 300_000)
  })
  const destroying = await time(() =>
    each(names, (name) => client.call('destroySite', { params: { name }, query: { purge: 'true' } })),
  )
  const what = `with ${ALL} sites, ${AWAKE} of them awake`
  ratios.push(
    state({ name: `server + agent, RSS ${what}, MiB`, unit: 'MiB', wanted: 200, values: memory }),
    state({ name: `server + agent, idle CPU ${what}, part of a core`, unit: '', wanted: 0.01, values: idle }),
    state({ name: `creating ${ALL} sites, ms each`, unit: 'ms', values: [creating / ALL] }),
    state({ name: `bringing ${AWAKE} of ${ALL} sites back, s`, unit: 's', values: [back / 1000] }),
    state({ name: `disk of ${ALL} sites, MiB each`, unit: 'MiB', values: [disk / ALL] }),
    state({ name: `destroying ${ALL} sites, ms each`, unit: 'ms', values: [destroying / ALL] }),
  )
} finally {
  await close()
}
// Only when nothing of them is left.
print({ ratios })

function sumOf(figure) {
  return pids().reduce((sum, pid) => sum + figure(pid), 0)
}

async function countRunning() {
  const { sites } = await client.call('listSites', { query: { all: 'true' } })
  return sites.filter(({ state }) => state === 'running').length
}

async function each(list, call) {
  const rest = list.values()
  const worker = async () => {
    for (const name of rest) await finish(await call(name))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function time(work) {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function rssOf(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

/** proc_pid_stat(5): the process itself, and those of its children that it has waited for. */
function ticksOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
}
