import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listStacks } from '../../src/agent/rootfs/recipe.js'
import { findTemplate, templateTree } from '../../src/agent/rootfs/template-store.js'
import { type Stack, stackName } from '../../src/model/stack.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { until } from '../helpers/programs.js'

const context = { actor: 'test' }
const templates = process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'
/** RUCHE_STACKS=nginx-php-none,… looks at these only. */
const chosen = process.env.RUCHE_STACKS?.split(',')
const stacks = (await listStacks(resolve('templates'))).filter((stack) => !chosen || chosen.includes(stackName(stack)))

const VERSION: Record<string, RegExp> = {
  static: /Your site is live/,
  php: /<dd>8\.\d+\.\d+/,
  node: /<dd>\d{2}\.\d+\.\d+/,
  python: /<dd>3\.\d+\.\d+/,
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

describe('every stack that makes sense', () => {
  const rows: Record<string, string | number>[] = []
  afterAll(() => console.table(rows))

  test.each(stacks.map((stack) => [stackName(stack), stack] as const))(
    '%s is built, serves, counts in its database, stops cleanly and comes back',
    async (name, stack) => {
      const template = await findTemplate(templates, stack)
      if (!template) throw new Error(`${name} is not built: ruche template build ${name}`)
      const id = 'matrix'
      const spec = specFor(id, 9, name, { cpuMilli: 2000 })
      try {
        const [createMs] = await timed(() => agent.engine.create(spec, context))
        const [startMs, { ipv4 }] = await timed(async () => {
          const status = await agent.engine.start(id, context)
          await until('the first 200', async () => (await agent.get(status.ipv4)).status === 200)
          return status
        })
        const before = await lookAtPage(stack, ipv4)
        const idle = await idleBytes(id)
        const [stopMs, stopped] = await timed(() => agent.engine.stop(id, context))
        expect(stopped).toEqual({ clean: true })
        await agent.engine.start(id, context)
        await until('the next 200', async () => (await agent.get(ipv4)).status === 200)
        const after = await lookAtPage(stack, ipv4)
        if (stack.database !== 'none') expect(after).toBeGreaterThan(before)
        await expectCleanEnd(id, stack)
        rows.push({
          stack: name,
          'tree MB': Math.round(template.sizeBytes / 1e6),
          'added MB': Math.round(addedBytes(templateTree(templates, template.digest)) / 1e6),
          'create ms': createMs,
          'start → 200 ms': startMs,
          'stop ms': stopMs,
          'idle MB': Math.round(idle / 1e5) / 10,
        })
      } catch (error) {
        const lines = await agent.engine.logs(id, 60).catch(() => [])
        throw new Error(`${error}\n${lines.map(({ source, text }) => `${source}: ${text}`).join('\n')}`)
      } finally {
        await agent.engine.destroy(id, context)
      }
    },
  )
})

/** The page proves language and database; answers the count of visits. */
async function lookAtPage(stack: Stack, ipv4: string): Promise<number> {
  const first = await agent.get(ipv4)
  expect(first.text).toMatch(VERSION[stack.language] ?? /./)
  if (stack.database === 'none') return 0
  const second = await agent.get(ipv4)
  expect(visits(second.text)).toBe(visits(first.text) + 1)
  return visits(second.text)
}

async function expectCleanEnd(id: string, stack: Stack): Promise<void> {
  const farewell = FAREWELL[stack.database]
  if (!farewell) return
  const lines = await agent.engine.logs(id, 500)
  const words = lines.filter(({ source }) => source === stack.database).map(({ text }) => text)
  expect(words.join('\n')).toMatch(farewell)
  expect(words.join('\n')).not.toMatch(RECOVERY)
}

/** A running site of a stack, given some files of its owner; its programs are started anew with them. */
async function runCode(stack: string, files: Record<string, string>): Promise<string> {
  const id = 'code'
  await agent.engine.create(specFor(id, 10, stack, { cpuMilli: 2000 }), context)
  const { ipv4 } = await agent.engine.start(id, context)
  for (const [path, text] of Object.entries(files))
    await asOwner(id, `mkdir -p "$(dirname ${path})" && cat > ${path}`, text)
  await asOwner(id, 'mkdir -p tmp && touch tmp/restart.txt')
  return ipv4
}

async function asOwner(id: string, script: string, input = ''): Promise<string> {
  const { code, stdout, stderr } = await execIn(agent, id, ['sh', '-c', `cd && ${script}`], {
    stdin: Buffer.from(input),
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
  return stdout
}

const said = async (id: string, source: string): Promise<string> =>
  (await agent.engine.logs(id, 200))
    .filter((line) => line.source === source)
    .map(({ text }) => text)
    .join('\n')

describe('code', () => {
  afterEach(() => agent.engine.destroy('code', context))

  test('a Node program that crashes is started again, its last words are in the logs, and another runs beside it', async () => {
    const program = `require('node:http').createServer((request, response) => {
      if (request.url === '/boom') throw new Error('planted crash')
      response.end('fine ' + process.pid)
    }).listen(process.env.PORT)`
    const ipv4 = await runCode('nginx-node-none', {
      'server.js': program,
      Procfile: '# beside the default\nworker: echo from the worker; exec sleep 1000\nno line\n',
    })
    const page = async () => (await agent.get(ipv4)).text
    const first = await until('the program answers', async () => /^fine (\d+)$/.exec(await page())?.[1])
    expect((await agent.get(ipv4, '/boom')).status).toBe(502)
    const second = await until('it answers again', async () => /^fine (\d+)$/.exec(await page())?.[1])
    expect(second).not.toBe(first)
    const words = await said('code', 'programs')
    expect(words).toContain('planted crash')
    expect(words).toContain('web ended with code 1 and is started again (crash 1).')
    expect(words).toContain('from the worker')
    expect(words).toContain('Procfile: not a line NAME: COMMAND: no line')
    expect(await asOwner('code', 'ps -o user= -C node')).toBe('site\n')
  })

  test('requirements of a Python site are installed by its user, and its program has them', async () => {
    const makeWheel = `import zipfile
with zipfile.ZipFile('vendor/probe-1.5-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('probe.py', 'NAME = "from the wheel"')
    wheel.writestr('probe-1.5.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: probe\\nVersion: 1.5\\n')
    wheel.writestr('probe-1.5.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('probe-1.5.dist-info/RECORD', '')
`
    const program = `import os, probe
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [f'{probe.NAME} {os.getuid()}'.encode()]
`
    const ipv4 = await runCode('nginx-python-none', {
      'vendor/make.py': makeWheel,
      'wsgi.py': program,
      'requirements.txt': './vendor/probe-1.5-py3-none-any.whl\n',
    })
    await asOwner('code', 'python3 vendor/make.py && touch tmp/restart.txt')
    await until('the program has it', async () => (await agent.get(ipv4)).text === 'from the wheel 1000', 90_000).catch(
      async (error: Error) => {
        throw new Error(`${error.message}\n${await said('code', 'programs')}`)
      },
    )
    expect(await asOwner('code', 'stat -c %U venv/lib/python3*/site-packages/probe.py')).toBe('site\n')
  })
})
