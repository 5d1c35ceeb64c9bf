/**
 * The whole server with a fake engine and people in memory, over plain HTTP on the loopback: to work on the pages without a platform.
 *
 *   node tests/helpers/run.mjs tests/helpers/dev-server.ts [--port 8080] [--web dist/app/web] [--sites 4] [--slow] [--origin http://localhost:5173]
 */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { DEFAULT_LIMITS } from '../../src/model/limits.js'
import { DEFAULT_STACK } from '../../src/model/stack.js'
import { MACHINE_ROOT } from '../../src/server/access/requester.js'
import { buildApp } from '../../src/server/app.js'
import { createSite } from '../../src/server/sites/create-site.js'
import { FAKE_PEOPLE } from './fake-directory.js'
import { FakeEngine } from './fake-engine.js'
import { makePast } from './past.js'
import { openTestBrain } from './test-brain.js'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    web: { type: 'string', default: 'dist/app/web' },
    sites: { type: 'string', default: '4' },
    origin: { type: 'string' },
    slow: { type: 'boolean', default: false },
  },
})
const engine = new FakeEngine(['nginx-php-none', 'nginx-static-none'])
engine.comebackMs = 2000
engine.delayMs = values.slow
  ? { create: 800, start: 2000, stop: 1200, update: 500, destroy: 1000, buildTemplate: 15_000 }
  : { create: 100, start: 300, stop: 200, update: 100, destroy: 200, buildTemplate: 3000 }
const brain = await openTestBrain({ engine, sampleAccounts: FAKE_PEOPLE })
const owners = ['alice', 'bob', 'claire']
for (let n = 1; n <= Number(values.sites); n++) {
  const site = { name: `site-${n}`, owner: owners[n % 3] ?? 'alice', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS }
  await createSite(brain.dependencies, { ...site, domains: [], start: n % 4 !== 0 }, MACHINE_ROOT.login)
}
const origin = values.origin ?? `http://localhost:${values.port}`
const app = await buildApp(brain.dependencies, {
  origin,
  cookie: { name: 'ruche-test', secure: false },
  webFolder: new URL(values.web, `file://${process.cwd()}/`).pathname,
})
await app.listen({ host: '127.0.0.1', port: Number(values.port) })
// `past NAME` on standard input: that site has a past from now on, and is said so.
createInterface(process.stdin).on('line', (line) => {
  const name = line.replace('past ', '')
  makePast(brain, name).then(() => console.log(`past ${name}`), console.error)
})
console.log(`${origin}  (people: ${FAKE_PEOPLE.map(({ login, password }) => `${login}/${password}`).join(', ')})`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    app
      .close()
      .then(() => brain.end())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        console.error(error)
        process.exit(1)
      })
  })
