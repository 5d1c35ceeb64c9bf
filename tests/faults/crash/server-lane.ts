import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import { expect } from 'vitest'
import type { ContainerSpec } from '../../../src/model/container.js'
import { listRunning } from '../../../src/server/register/operations.js'
import type { Tables } from '../../../src/server/register/schema.js'
import { listSites, type SiteRecord } from '../../../src/server/register/sites.js'
import { openSqlite } from '../../../src/server/register/sqlite-facade.js'
import { derivePasswords } from '../../../src/server/secrets/passwords.js'
import { sealVariables } from '../../../src/server/secrets/sealed-variables.js'
import { planNaming } from '../../../src/server/sites/naming.js'
import { planSpec } from '../../../src/server/sites/spec.js'
import { startAgent, type TestAgent } from '../../helpers/agent.js'
import { type BrainProcess, makeBrainProcess, prepareForServer } from '../../helpers/brain-process.js'
import { changesOf, openEffects } from '../../helpers/effects.js'
import { until } from '../../helpers/programs.js'
import type { Lane } from './matrix.js'

export const ID = 'one'

/** A server with its register, an agent and a front proxy; one site `one`, on which everything is tried. */
export interface ServerLane extends Lane {
  agent: TestAgent
  brain: BrainProcess
  /** What the next change of `one` asks for: something else each time. */
  turn: number
}

export async function openServerLane(): Promise<ServerLane> {
  let root = ''
  const agent = await startAgent(undefined, async (settings, folder) => {
    root = folder
    await prepareForServer(settings, root)
  })
  const effects = await openEffects(root, 'server')
  const brain = await makeBrainProcess(root, agent.space, effects.env).catch(async (error: unknown) => {
    await agent.close()
    throw error
  })
  const lane: ServerLane = {
    subject: brain,
    effects,
    agent,
    brain,
    turn: 0,
    expectSettled: () => expectSettled(lane),
    clear: () =>
      until('it is gone', async () => {
        await brain.client
          .call('destroySite', { params: { name: ID }, query: { purge: 'true' } })
          .catch(() => undefined)
        return (await readRegister(lane)).sites.length === 0
      }),
  }
  return lane
}

export async function closeServerLane({ agent, brain }: ServerLane): Promise<void> {
  await brain.end('SIGTERM')
  await agent.close()
}

/** The register and what runs in it, read as anybody could who may open the file. */
export async function readRegister({
  brain,
}: Pick<ServerLane, 'brain'>): Promise<{ sites: SiteRecord[]; running: number }> {
  const file = join(brain.settings.libFolder, 'register/register.db')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: await openSqlite(file) }) })
  try {
    return { sites: await listSites(db), running: (await listRunning(db)).length }
  } finally {
    await db.destroy()
  }
}

/** Register, containers and front proxy say the same, nothing lies about that belongs to nothing, and one more round changes nothing. */
async function expectSettled(lane: ServerLane): Promise<void> {
  await until(
    'it is settled',
    async () => {
      const { sites, running } = await readRegister(lane)
      const wrong = [
        ...(running === 0 ? [] : [`${running} operations are said to run`]),
        ...(await findContainers(lane, sites)),
        ...(await findProxy(lane, sites)),
        ...findFiles(lane),
      ]
      if (wrong.length > 0) throw new Error(wrong.join('\n'))
      return true
    },
    15_000,
  )
  await lane.effects.tell(lane.brain.pid(), { mode: 'record', round: true })
  const changes = changesOf(await lane.effects.tell(lane.brain.pid(), { mode: 'off' }))
  // Sessions that are over are deleted again and again, whether there are any or not; and what is measured follows the clock, not what is done.
  expect(changes.filter((effect) => !/sessions|lib\/(journals|metrics)/.test(effect))).toEqual([])
}

async function findContainers({ agent, brain }: ServerLane, sites: readonly SiteRecord[]): Promise<string[]> {
  const statuses = await agent.engine.list()
  const key = await readFile(join(brain.settings.libFolder, 'register/secret.key'))
  const naming = planNaming(brain.settings.configuration)
  const problems = sites.map((site) => {
    const status = statuses.find(({ id }) => id === site.name)
    if (site.lifecycle !== 'ready') return `${site.name} is still ${site.lifecycle}`
    if (site.applied !== site.generation) return `generation ${site.generation}, applied ${site.applied}`
    const isAsleep = status?.phase === 'asleep' && site.wanted === 'running'
    if (!isAsleep && status?.phase !== site.wanted) return `${site.name} is ${status?.phase}, wanted ${site.wanted}`
    const { template: _, ...spec } = recordOf(agent, site.name).spec
    const wanted = planSpec(site, { passwords: derivePasswords(key), variables: sealVariables(key), naming })
    return JSON.stringify(spec) === JSON.stringify(wanted) ? undefined : 'the container has another spec'
  })
  const strangers = statuses.filter(({ id }) => !sites.some(({ name }) => name === id))
  return [...problems.filter((one) => one !== undefined), ...strangers.map(({ id }) => `container ${id} is left`)]
}

const recordOf = (agent: TestAgent, id: string) =>
  JSON.parse(readFileSync(join(agent.settings.stateFolder, 'sites', id, 'spec.json'), 'utf8')) as {
    spec: ContainerSpec
  }

async function findProxy({ agent, brain }: ServerLane, sites: readonly SiteRecord[]): Promise<string[]> {
  const folder = join(brain.settings.libFolder, 'proxy')
  const current = basename(readlinkSync(join(folder, 'current')))
  const text = readdirSync(join(folder, current))
    .map((name) => readFileSync(join(folder, current, name), 'utf8'))
    .join('\n')
  const told = new Set([...text.matchAll(/\b(?:one\.sites|d\d+)\.example\.test\b/g)].map(([name]) => name))
  const wanted = sites.flatMap(({ name, domains }) => [`${name}.sites.example.test`, ...domains])
  const { stdout } = await agent.inside('curl', '-sS', '-H', 'Host: status.ruche.invalid', 'http://127.0.0.1/')
  return [
    ...(stdout.includes(current) ? [] : [`the front proxy serves ${stdout.trim()}, not ${current}`]),
    ...[...told].filter((name) => !wanted.includes(name)).map((name) => `${name} is still served`),
    ...wanted.filter((name) => !told.has(name)).map((name) => `${name} is not served`),
  ]
}

function findFiles({ brain }: ServerLane): string[] {
  const { libFolder } = brain.settings
  const list = (path: string) => readdirSync(join(libFolder, path), { recursive: true }).map(String)
  const generations = readdirSync(join(libFolder, 'proxy')).filter((name) => name.startsWith('g-'))
  const register = /^(register\.db(-wal|-shm|-place)?|register\.last\.db|secret\.key)$/
  return [
    ...(generations.length > 2 ? [`${generations.length} generations`] : []),
    ...list('certificates').filter((name) => /(^|\/)\./.test(name)),
    ...list('proxy').filter((name) => /(^|\/)\./.test(name)),
    ...list('register').filter((name) => !register.test(name)),
  ].map((name) => `left: ${name}`)
}
