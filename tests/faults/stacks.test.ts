import { readdirSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listStacks } from '../../src/agent/rootfs/recipe.js'
import { findTemplate, templateTree } from '../../src/agent/rootfs/template-store.js'
import { type Stack, stackName } from '../../src/model/stack.js'
import { specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { until } from '../helpers/programs.js'

const context = { actor: 'test' }
const templates = process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'
/** RUCHE_STACKS=nginx-php-none,… looks at these only (`npm run test:faults` at some that have each part once), RUCHE_STACKS=all at every one. */
const chosen = process.env.RUCHE_STACKS?.split(',') ?? ['all']
const stacks = (await listStacks(resolve('templates'))).filter(
  (stack) => chosen.includes('all') || chosen.includes(stackName(stack)),
)

const VERSION: Record<string, RegExp> = {
  static: /Your site is live/,
  php: /<dd>(8\.\d+\.\d+)/,
  node: /<dd>(\d{2}\.\d+\.\d+)/,
  python: /<dd>(3\.\d+\.\d+)/,
}
/** The last words of a database that was shut down as it should be. */
const FAREWELL: Record<string, RegExp> = {
  mariadb: /mariadbd: Shutdown complete/,
  postgresql: /database system is shut down/,
}
const RECOVERY = /crash recovery|automatic recovery|was interrupted|was not properly shut down/i

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())

const visits = (page: string): number => Number(/<output id="visits">(\d+)<\/output>/.exec(page)?.[1])

/** Bytes on the disk of a tree's files that are in none of the trees before: what the template adds. */
const seen = new Set<string>()
function addedBytes(tree: string): number {
  let bytes = 0
  for (const entry of readdirSync(tree, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const { dev, ino, blocks } = statSync(join(entry.parentPath, entry.name))
    const key = `${dev}:${ino}`
    if (seen.has(key)) continue
    seen.add(key)
    bytes += blocks * 512
  }
  return bytes
}

/** What its processes have of their own and their part of what they share (proc(5) smaps_rollup). */
async function idleBytes(id: string): Promise<number> {
  const { cgroup } = agent.settings
  const procs = readdirSync('/sys/fs/cgroup')
    .map((name) => join('/sys/fs/cgroup', name, cgroup, id, 'cgroup.procs'))
    .concat(join('/sys/fs/cgroup', cgroup, id, 'cgroup.procs'))
  for (const path of procs) {
    const pids = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n').filter(Boolean)
    if (pids.length === 0) continue
    const parts = pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024
    })
    return (await Promise.all(parts)).reduce((sum, bytes) => sum + bytes, 0)
  }
  return 0
}

const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const begin = performance.now()
  const result = await work()
  return [Math.round(performance.now() - begin), result]
}

/** What was measured of a stack. */
interface Row {
  stack: string
  language: string
  treeMb: number
  createMs: number
  firstAnswerMs: number
  stopMs: number
  idleMb: number
}

/** A site of the stack lives once: made, started, looked at, stopped, started again, removed. */
async function live(stack: Stack, address: number): Promise<Row> {
  const name = stackName(stack)
  const template = await findTemplate(templates, stack)
  if (!template) throw new Error(`${name} is not built: ruche template build ${name}`)
  const id = `matrix-${address}`
  const { engine } = agent
  try {
    const [createMs] = await timed(() => engine.create(specFor(id, address, name, { cpuMilli: 2000 }), context))
    const [firstAnswerMs, { ipv4 }] = await timed(async () => {
      const status = await engine.start(id, context)
      await until('the first 200', async () => (await agent.get(status.ipv4)).status === 200)
      return status
    })
    const before = await lookAtPage(stack, ipv4)
    const idleMb = (await idleBytes(id)) / 1e6
    const [stopMs, stopped] = await timed(() => engine.stop(id, context))
    expect(stopped).toEqual({ clean: true })
    await engine.start(id, context)
    await until('the next 200', async () => (await agent.get(ipv4)).status === 200)
    const after = await lookAtPage(stack, ipv4)
    if (stack.database !== 'none') expect(after.visits).toBeGreaterThan(before.visits)
    await engine.stop(id, context)
    await expectCleanEnd(id, stack)
    const { version } = before
    return { stack: name, language: version, treeMb: template.sizeBytes / 1e6, createMs, firstAnswerMs, stopMs, idleMb }
  } catch (error) {
    const lines = await engine.logs(id, 60).catch(() => [])
    throw new Error(`${error}\n${lines.map(({ source, text }) => `${source}: ${text}`).join('\n')}`)
  } finally {
    await engine.destroy(id, context)
  }
}

describe('every stack that makes sense', () => {
  /** Two at a time; each test waits for its own. */
  const rows = new Map<string, Promise<Row>>()
  beforeAll(() => {
    const lanes = [Promise.resolve(), Promise.resolve()]
    for (const [n, stack] of stacks.entries()) {
      const lane = n % lanes.length
      const row = (lanes[lane] ?? Promise.resolve()).then(() => live(stack, 20 + n))
      rows.set(stackName(stack), row)
      lanes[lane] = row.then(
        () => undefined,
        () => undefined,
      )
    }
  })
  afterAll(async () => {
    const settled = await Promise.allSettled(rows.values())
    const measured = settled.flatMap((row) => (row.status === 'fulfilled' ? [row.value] : []))
    const table = []
    for (const row of measured) table.push({ ...rounded(row), addedMb: await addedMb(row.stack) })
    console.table(table)
    if (process.env.RUCHE_STACKS_FILE)
      await writeFile(process.env.RUCHE_STACKS_FILE, JSON.stringify(table, undefined, 2))
  })

  test.each(stacks.map((stack) => stackName(stack)))(
    '%s is built, serves, counts in its database, stops cleanly and comes back',
    async (name) => {
      const row = await rows.get(name)
      expect(row?.idleMb).toBeLessThan(MOST_IDLE_MB.find(([form]) => form.test(name))?.[1] ?? 256)
    },
    900_000,
  )
})

/** What a stack may take while nobody asks it for anything, beyond the site's whole memory. */
const MOST_IDLE_MB: [RegExp, number][] = [
  [/-static-/, 10],
  [/-php-mariadb$/, 100],
]

const rounded = (row: Row): Row => {
  const entries = Object.entries(row).map(([key, value]) => [
    key,
    typeof value === 'number' ? Math.round(value * 10) / 10 : value,
  ])
  return Object.fromEntries(entries) as Row
}

async function addedMb(name: string): Promise<number> {
  const stack = stacks.find((one) => stackName(one) === name)
  const template = stack && (await findTemplate(templates, stack))
  return template ? Math.round(addedBytes(templateTree(templates, template.digest)) / 1e5) / 10 : 0
}

/** The page proves language and database. */
async function lookAtPage(stack: Stack, ipv4: string): Promise<{ version: string; visits: number }> {
  const first = await agent.get(ipv4)
  const version = VERSION[stack.language]?.exec(first.text)
  if (!version) throw new Error(`the page does not tell the version of ${stack.language}:\n${first.text}`)
  if (stack.database === 'none') return { version: version[1] ?? '', visits: 0 }
  const second = await agent.get(ipv4)
  expect(visits(second.text)).toBe(visits(first.text) + 1)
  return { version: version[1] ?? '', visits: visits(second.text) }
}

async function expectCleanEnd(id: string, stack: Stack): Promise<void> {
  const farewell = FAREWELL[stack.database]
  if (!farewell) return
  const lines = await agent.engine.logs(id, 500)
  const words = lines.filter(({ source }) => source === stack.database).map(({ text }) => text)
  expect(words.join('\n')).toMatch(farewell)
  expect(words.join('\n')).not.toMatch(RECOVERY)
}
