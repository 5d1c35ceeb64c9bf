// What the API's answers take with 1,000 sites: `node bench/api.mjs [--quick] [--json]`. The engine is the tests' fake one: it is the server that is measured.
import { bundle } from './bundle.mjs'
import { print, state } from './rows.mjs'

const isQuick = process.argv.includes('--quick')
const [SITES, ROUNDS] = [1000, isQuick ? 50 : 300]

const { openTestBrain, buildApp, createSite, DEFAULT_LIMITS, DEFAULT_STACK } = await bundle(
  'api',
  `export { openTestBrain } from '../tests/helpers/test-brain.js'
export { buildApp } from '../src/server/app.js'
export { createSite } from '../src/server/sites/create-site.js'
export { DEFAULT_LIMITS } from '../src/model/limits.js'
export { DEFAULT_STACK } from '../src/model/stack.js'`,
)
const brain = await openTestBrain({ configuration: { network: { sftp_ports: '20000-29999' } } })
// One machine has 253 addresses; the server is to answer for more, as with several machines behind it.
Object.assign(brain.dependencies.naming.addresses, { last: SITES + 10 })
const app = await buildApp(brain.dependencies, 'root')
const { operations } = brain.dependencies
for (let index = 0; index < SITES; index++) {
  const site = { name: `site-${index}`, owner: 'root', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS }
  const { operation } = await createSite(brain.dependencies, { ...site, domains: [], start: false }, 'root')
  await operations.ended(operation.id)
}
const ratios = []
for (const [title, url] of [
  [`list of ${SITES} sites`, '/api/sites?all=true'],
  ['one site', '/api/sites/site-500'],
]) {
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const { statusCode } = await app.inject({ url })
    times.push(performance.now() - begun)
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`)
  }
  const sorted = [...times].sort((a, b) => a - b)
  ratios.push(state({ name: `API, ${title}, ms`, unit: 'ms', values: times }))
  ratios.push(
    state({ name: `API, ${title}, slowest 5 %, ms`, unit: 'ms', values: [sorted[Math.ceil(ROUNDS * 0.95) - 1]] }),
  )
}
print({ ratios })
await app.close()
await brain.end()
