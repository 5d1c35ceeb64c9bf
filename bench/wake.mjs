// How long the first visitor of a sleeping site waits: `node bench/wake.mjs [--quick] [--json]`, as root.
import { openPlatform } from './platform.mjs'
import { compare, print, state } from './rows.mjs'

const isQuick = process.argv.includes('--quick')
const ROUNDS = isQuick ? 7 : 15
const STACKS = {
  static: { server: 'nginx', language: 'static', database: 'none' },
  PHP: { server: 'nginx', language: 'php', database: 'none' },
  'PHP + MariaDB': { server: 'nginx', language: 'php', database: 'mariadb' },
  ...(!isQuick && {
    Node: { server: 'nginx', language: 'node', database: 'none' },
    Python: { server: 'nginx', language: 'python', database: 'none' },
  }),
}

const { platform, client, finish, visit, hostOf, close } = await openPlatform()
try {
  const ratios = []
  for (const [title, stack] of Object.entries(STACKS)) ratios.push(...(await measure(title, stack)))
  print({ ratios })
} finally {
  await close()
}

async function measure(title, stack) {
  const name = title.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  await finish(await client.call('createSite', { body: { name, stack } }))
  await platform.resolve(hostOf(name))
  const params = { name }
  const [wakes, starts] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    await finish(await client.call('sleepSite', { params }))
    const { status, ms } = await visit(name)
    if (status !== '200') throw new Error(`${name} answered ${status}`)
    wakes.push(ms)
    await finish(await client.call('stopSite', { params }))
    starts.push(await finish(await client.call('startSite', { params })))
  }
  await finish(await client.call('destroySite', { params, query: { purge: 'true' } }))
  const late = [...wakes].sort((a, b) => a - b)[Math.ceil(ROUNDS * 0.95) - 1]
  return [
    compare({
      name: `asleep → first answer, ${title}`,
      ...{ unit: 'ms', against: 'start', wanted: 3, ruche: wakes, other: starts },
    }),
    state({ name: `asleep → first answer, ${title}, slowest 5 %, ms`, unit: 'ms', values: [late] }),
  ]
}
