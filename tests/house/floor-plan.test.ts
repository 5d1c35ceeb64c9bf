import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../.dependency-cruiser.mjs'

const run = promisify(execFile)
const here = resolve('.')
let folder = ''

/** One planted violation for each rule of the floor plan: importing file → what it imports. */
const planted: Record<string, [from: string, to: string]> = {
  'room-model': ['model/a.ts', '../server/x.js'],
  'room-agent': ['agent/a.ts', '../server/x.js'],
  'room-engine': ['engine/a.ts', '../agent/x.js'],
  'room-client': ['client/a.ts', '../cli/x.js'],
  'room-server': ['server/a.ts', '../agent/x.js'],
  'room-cli': ['cli/a.ts', '../server/x.js'],
  'room-web': ['web/a.ts', '../server/x.js'],
  'packages-model': ['model/b.ts', 'kysely'],
  'packages-agent': ['agent/b.ts', 'fastify'],
  'packages-engine': ['engine/b.ts', 'fastify'],
  'packages-client': ['client/b.ts', 'fastify'],
  'packages-server': ['server/b.ts', 'commander'],
  'packages-cli': ['cli/b.ts', 'fastify'],
  'packages-web': ['web/b.ts', 'fastify'],
  'layer-agent-backups': ['agent/backups/a.ts', '../doctor/x.js'],
  'layer-agent-containers': ['agent/containers/a.ts', '../backups/x.js'],
  'layer-agent-rootfs': ['agent/rootfs/a.ts', '../containers/x.js'],
  'layer-agent-network': ['agent/network/a.ts', '../rootfs/x.js'],
  'layer-agent-host': ['agent/host/a.ts', '../network/x.js'],
  'layer-server-sites': ['server/sites/a.ts', '../routes/x.js'],
  'layer-server-operations': ['server/operations/a.ts', '../sites/x.js'],
  'layer-server-register': ['server/register/a.ts', '../operations/x.js'],
  'model-is-pure': ['model/c.ts', 'node:fs'],
  'web-is-a-page': ['web/c.ts', 'node:fs'],
  'programs-start-in-few-places': ['server/c.ts', 'node:child_process'],
  'nothing-imports-tests': ['server/d.ts', '../../tests/x.js'],
  'no-circular': ['server/ring.ts', './ring-back.js'],
  'not-to-unresolvable': ['server/e.ts', './nowhere.js'],
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

async function cruise(): Promise<Set<string>> {
  const args = ['--config', join(here, '.dependency-cruiser.mjs'), '--output-type', 'json', 'src']
  const { stdout } = await run(join(here, 'node_modules/.bin/depcruise'), args, { cwd: folder, maxBuffer: 1e8 }).catch(
    (error) => error,
  )
  const result = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } }
  return new Set(result.summary.violations.map((violation) => violation.rule.name))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-plan-'))
  await symlink(join(here, 'node_modules'), join(folder, 'node_modules'))
  await write('package.json', '{"type":"module"}')
  await write('tests/x.ts', 'export const x = 1\n')
  const rooms = [
    'model',
    'agent',
    'agent/doctor',
    'agent/backups',
    'agent/containers',
    'agent/rootfs',
    'agent/network',
    'server',
    'server/routes',
    'server/sites',
    'server/operations',
    'cli',
  ]
  for (const room of rooms) await write(`src/${room}/x.ts`, 'export const x = 1\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('every rule of the floor plan has a planted violation here', () => {
  expect(Object.keys(planted).sort()).toEqual(config.forbidden.map((rule) => rule.name).sort())
})

test('a tree without violations is accepted, the same tree with them is refused rule by rule', async () => {
  await write('src/server/fine.ts', "import { x } from '../model/x.js'\nexport const fine = x\n")
  expect(await cruise()).toEqual(new Set())
  for (const [from, to] of Object.values(planted)) await write(`src/${from}`, `import '${to}'\nexport const here = 1\n`)
  await write('src/server/ring-back.ts', "import './ring.js'\nexport const back = 1\n")
  expect([...(await cruise())].sort()).toEqual(Object.keys(planted).sort())
})
