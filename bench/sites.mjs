// Sites of ours beside those of others, from the same template: `node bench/sites.mjs [--quick] [--json]`, as root.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { alone } from './alone.mjs'
import { floor } from './contestants/floor.mjs'
import { lxc } from './contestants/lxc.mjs'
import { openBridge } from './contestants/network.mjs'
import { nspawn } from './contestants/nspawn.mjs'
import { podman } from './contestants/podman.mjs'
import { ruche } from './contestants/ruche.mjs'
import { prepareTrees } from './contestants/tree.mjs'
import { compare, print, state } from './rows.mjs'
import { until } from './run.mjs'

const isQuick = process.argv.includes('--quick')
const ROUNDS = isQuick ? 3 : 9
const CROWD = 10
const MANY = 50

await alone(main)

async function main(place) {
  const lab = { ...place, trees: await prepareTrees(place.folder), bridge: await openBridge() }
  const contestants = []
  const missing = []
  try {
    for (const open of [ruche, floor, lxc, podman, nspawn])
      await open(lab)
        .then(async (contestant) => {
          contestants.push(contestant)
          await tryOut(contestant)
        })
        .catch((error) => {
          if (open === ruche || open === floor) throw error
          missing.push({ name: open.name, why: error.message })
        })
    const able = contestants.filter(({ name }) => missing.every((one) => one.name !== name))
    const figures = await measure(able)
    const versions = Object.fromEntries(able.map(({ name, version }) => [name, version]))
    print({ ratios: judge(figures), versions, missing })
    return 0
  } finally {
    for (const { close } of contestants) await close()
  }
}

/** One life of a site, before anything is measured: who cannot is named as missing. */
async function tryOut(contestant) {
  await live(contestant, {})
}

async function live(contestant, taken) {
  await contestant.ready(0)
  taken.create = await time(() => contestant.create(0))
  taken.start = await time(() => startAndAnswer(contestant, 0))
  taken.stop = await time(() => contestant.stop(0))
  taken.destroy = await time(() => contestant.destroy(0))
}

async function measure(contestants) {
  const figures = Object.fromEntries(contestants.map(({ name }) => [name, {}]))
  const note = (name, what, value) => {
    figures[name][what] = [...(figures[name][what] ?? []), value]
  }
  // In turn, so that what else the machine does falls on all alike.
  for (let round = 0; round < ROUNDS; round++)
    for (const contestant of turned(contestants, round)) {
      const taken = {}
      await live(contestant, taken)
      for (const [what, value] of Object.entries(taken)) note(contestant.name, what, value)
    }
  for (let round = 0; round < (isQuick ? 1 : 7); round++)
    for (const contestant of turned(contestants, round)) {
      await crowd(contestant, CROWD, 'create')
      const before = memoryInUse()
      const all = () => Promise.all(indexes(CROWD).map((index) => startAndAnswer(contestant, index)))
      note(contestant.name, 'ten', await time(all))
      note(contestant.name, `memory of ${CROWD}`, (memoryInUse() - before) / CROWD)
      await crowd(contestant, CROWD, 'stop')
      await crowd(contestant, CROWD, 'destroy')
    }
  for (const contestant of contestants) {
    const before = usedBelow(contestant.folder)
    await contestant.create(0)
    note(contestant.name, 'disk', usedBelow(contestant.folder) - before)
    await contestant.destroy(0)
    if (!isQuick) note(contestant.name, `memory of ${MANY}`, await memoryOf(contestant, MANY))
  }
  return figures
}

function turned(list, by) {
  return [...list.slice(by % list.length), ...list.slice(0, by % list.length)]
}

function indexes(count) {
  return Array.from({ length: count }, (_, index) => index)
}

async function crowd(contestant, count, verb) {
  for (const index of indexes(count)) {
    await contestant.ready(index)
    await contestant[verb](index)
  }
}

/** Proportional share of memory (proc_pid_smaps_rollup(5)) that each of `count` sites has cost, with all that runs for it outside. */
async function memoryOf(contestant, count) {
  await crowd(contestant, count, 'create')
  const before = memoryInUse()
  for (const index of indexes(count)) await startAndAnswer(contestant, index)
  const each = (memoryInUse() - before) / count
  await crowd(contestant, count, 'stop')
  await crowd(contestant, count, 'destroy')
  return each
}

/** Of all processes but this one: there are no others than those of this run. */
function memoryInUse() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.reduce((sum, pid) => {
    try {
      const kib = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
      return sum + kib * 1024
    } catch {
      return sum
    }
  }, 0)
}

/** In bytes (du(1)); what is not there yet is nothing. */
function usedBelow(folder) {
  return Number(execFileSync('du', ['-sx', '--block-size=1', folder], { encoding: 'utf8' }).split('\t')[0])
}

async function time(work) {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function startAndAnswer(contestant, index) {
  const started = contestant.start(index)
  await Promise.all([started, firstAnswer(contestant.addressOf(index))])
}

/** Asks for the page until it is there; what refuses or fails is asked again at once. */
async function firstAnswer(address) {
  await until(`${address} answers`, async () => (await status(address)) === '200', 2)
}

function status(host) {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ host, port: 80, timeout: 1000 }, () => {
      clearTimeout(late)
      socket.write('GET / HTTP/1.0\r\nHost: bench\r\n\r\n')
    })
    // Who came before the network was up is not answered, and would only ask again after a second (RFC 6298 §2).
    const late = setTimeout(() => socket.destroy(), 10)
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]))
    socket.on('timeout', () => socket.destroy(new Error('silent')))
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(late)
      reject(new Error('closed'))
    })
  })
}

function judge(figures) {
  const row = (name, what, unit, against, wanted) =>
    figures[against]?.[what] &&
    compare({ name, unit, against, wanted, ruche: figures.ruche[what], other: figures[against][what] })
  const beside = (name, what, unit, wanted) =>
    ['floor', 'lxc', 'podman', 'nspawn'].map((against) => row(name, what, unit, against, wanted[against]))
  return [
    ...beside('create', 'create', 'ms', { lxc: 2 }).slice(1),
    ...beside('start → first 200', 'start', 'ms', { floor: 1.5 }),
    ...beside('stop', 'stop', 'ms', { floor: 3 }),
    ...beside('destroy', 'destroy', 'ms', {}).slice(1),
    ...beside(`${CROWD} at once → ${CROWD} × 200`, 'ten', 'ms', { lxc: 1 }),
    ...beside(`memory per site of ${CROWD}`, `memory of ${CROWD}`, 'MiB', {}),
    ...beside(`memory per site of ${MANY}`, `memory of ${MANY}`, 'MiB', { floor: 1.2 }),
    state({ name: 'disk of a new site, MiB', unit: 'MiB', wanted: 1, values: figures.ruche.disk }),
  ].filter(Boolean)
}
