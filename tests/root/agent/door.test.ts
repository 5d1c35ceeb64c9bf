import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallName, calls } from '../../../src/model/calls.js'
import type { ContainerSpec } from '../../../src/model/container.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { type Finished, finish, succeed, until } from '../../helpers/programs.js'

// A server that was taken over: it may open the socket, and says there what it likes.
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', '--']
const CANARY = 'Canary7Canary7Canary7'
const context = { actor: 'test' }

interface Spawned {
  file: string
  args: string[]
  envPairs: string[]
}
type Line = { result?: unknown; error?: { code: string; message: string } } & Record<string, unknown>

let agent: TestAgent
let spawnedFile = ''

const spec = (): ContainerSpec => {
  const plain = specFor('target', 70, 'nginx-php-mariadb', { diskBytes: 500 * 1024 ** 2 })
  const settings = { ...plain.settings, databasePassword: CANARY, environment: { SECRET: CANARY } }
  return { ...plain, settings: { ...settings, sftpPasswordHash: `$6$saltsalt$${CANARY}${'a'.repeat(40)}` } }
}

beforeAll(async () => {
  agent = await startAgent(
    (settings) => {
      settings.serverGroup = 'nogroup'
    },
    async ({ runFolder }) => {
      const root = join(runFolder, '..')
      await chmod(root, 0o755)
      spawnedFile = join(root, 'spawned')
      const spy = join(root, 'spy.mjs')
      await writeFile(spy, spyScript(spawnedFile))
      process.env.NODE_OPTIONS = `--import=${spy}`
    },
  )
  delete process.env.NODE_OPTIONS
  await agent.engine.create(spec(), context)
  await agent.engine.start('target', context)
  // What a site says on its console makes the host keep a log of it.
  const { runFolder, logFolder } = agent.settings
  await succeed('sh', ['-c', 'echo hello >"$0"', join(runFolder, 'containers/target.console')])
  await until('it is kept', async () => existsSync(join(logFolder, 'sites/target/console.log')))
})
afterAll(() => agent?.close())

/** Every program that the agent starts, whichever way: all of Node's go through here. */
const spyScript = (file: string): string => `
import { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
const { spawn } = ChildProcess.prototype
ChildProcess.prototype.spawn = function (options) {
  const { file, args, envPairs } = options
  if (process.argv[1]?.endsWith('agent.mjs')) appendFileSync(${JSON.stringify(file)}, JSON.stringify({ file, args, envPairs }) + '\\n')
  return spawn.call(this, options)
}
`

const spawned = (): Spawned[] =>
  readFileSync(spawnedFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

function ask(request: object): Promise<Line[]> {
  const socket = createConnection(agent.socket)
  socket.write(`${JSON.stringify(request)}\n`)
  // These wait for what follows.
  if ('call' in request && ['backup.put', 'files.put', 'container.terminal'].includes(String(request.call)))
    socket.write('{"eof":true}\n')
  return new Promise((resolve) => {
    const lines: Line[] = []
    createInterface({ input: socket }).on('line', (line) => lines.push(JSON.parse(line)))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(lines))
  })
}

const asNobody = (...argv: string[]): Promise<Finished> => finish('setpriv', [...NOBODY, ...argv])

const KEY = '6f1c1c1e-0000-4000-8000-000000000009'
const BACKUP = 'abcdefghijkl'

/** One good request for each call of the table: with a new call this does not compile until it has one too. */
const GOOD: Record<CallName, object> = {
  'host.status': {},
  'host.stopAll': {},
  'host.doctor': {},
  'host.audit': {},
  events: {},
  'container.create': { spec: { ...specFor('made', 71), template: 'a'.repeat(64) } },
  'container.copy': { from: 'absent', spec: { ...specFor('copied', 72), template: 'a'.repeat(64) } },
  'container.start': { id: 'target' },
  'container.stop': { id: 'absent' },
  'container.sleep': { id: 'absent' },
  'container.update': { spec: specFor('target', 70, 'nginx-php-mariadb') },
  'container.destroy': { id: 'absent' },
  'container.get': { id: 'target' },
  'container.list': {},
  'container.exec': { id: 'target', argv: ['true', 'word'], timeoutMs: 5000 },
  'container.terminal': { id: 'target', size: { rows: 24, columns: 80 } },
  'container.ssh': { id: 'target' },
  'container.logs': { id: 'target', lines: 10 },
  'container.programs': { id: 'target' },
  'files.stat': { id: 'target', path: 'public' },
  'files.get': { id: 'target', path: 'public/none', offset: 0, lengthBytes: 10 },
  'files.put': {
    id: 'target',
    path: 'public/put',
    replace: false,
    upload: '0123456789abcdef',
    offset: 0,
    sizeBytes: 4,
    version: null,
    keep: false,
  },
  'files.part': { id: 'target', path: 'public/put', replace: false, upload: '0123456789abcdef' },
  'files.chmod': { id: 'target', path: 'public/none', mode: 0o644 },
  'files.copy': { id: 'target', from: 'public/none', to: 'public/more' },
  'files.pack': { id: 'target', path: 'public', format: 'tar' },
  'files.peek': { id: 'target', path: 'public/none', into: 'public' },
  'files.unpack': { id: 'target', path: 'public/none', into: 'public', replace: false },
  'files.search': { id: 'target', path: 'public', text: 'x', where: 'names' },
  'database.look': { id: 'absent' },
  'database.rows': { id: 'absent', table: 'words', offset: 0, limit: 10 },
  'database.run': { id: 'absent', sql: 'SELECT 1' },
  'database.export': { id: 'absent', format: 'sql' },
  'database.import': { id: 'absent', format: 'sql', sizeBytes: 0 },
  'files.list': { id: 'target', path: 'public' },
  'files.read': { id: 'target', path: 'public/none' },
  'files.save': { id: 'target', path: 'public/none/x', base: 'a'.repeat(64), content: 'eA==' },
  'files.makeFolder': { id: 'target', path: 'public/none/x' },
  'files.rename': { id: 'target', from: 'public/none', to: 'public/other' },
  'files.remove': { id: 'target', path: 'public/none' },
  'container.untrash': { key: KEY, spec: { ...specFor('back', 73), template: 'a'.repeat(64) } },
  'trash.purge': { key: KEY },
  'backup.create': { id: 'absent', key: KEY, backup: BACKUP },
  'backup.list': { key: KEY },
  'backup.survey': {},
  'backup.prove': { id: 'absent', key: KEY, backup: BACKUP },
  'backup.remove': { key: KEY, backup: BACKUP },
  'backup.restore': { id: 'absent', key: KEY, backup: BACKUP },
  'backup.restoreAs': { key: KEY, backup: BACKUP, spec: { ...specFor('back', 73), template: 'a'.repeat(64) } },
  'backup.restoreFile': { id: 'absent', key: KEY, backup: BACKUP, path: 'public/x' },
  'backup.restoreTable': { id: 'absent', key: KEY, backup: BACKUP, table: 'words' },
  'backup.files': { id: 'absent', key: KEY, backup: BACKUP },
  'backup.read': { key: KEY, backup: BACKUP },
  'backup.put': { key: KEY, backup: BACKUP },
  'template.list': {},
  'template.choices': {},
  'template.check': {},
  'container.probe': { id: 'nobody', host: 'nobody.test', path: '/' },
  'template.build': { stack: { server: 'none', language: 'none', database: 'none' } },
  'template.remove': { digest: 'b'.repeat(64) },
  'proxy.reload': {},
}

const MARK = 'zq9'
const HOSTILE = [
  `--help=${MARK}`,
  `-rf${MARK}`,
  `../${MARK}`,
  `/etc/${MARK}`,
  `$(touch /tmp/${MARK})`,
  `\`touch /tmp/${MARK}\``,
  `;touch /tmp/${MARK};`,
  `a\ntouch /tmp/${MARK}`,
  `a\0${MARK}`,
  `%s%n${MARK}`,
  `\u202e${MARK}\u001b]0;x\u0007`,
  `\ud800${MARK}`,
  '',
  MARK.repeat(350_000),
]

/** The same value with each of its strings (also keys that a record takes) replaced in turn. */
function* replaced(value: unknown, by: string): Generator<unknown> {
  if (typeof value === 'string') yield by
  if (value === null || typeof value !== 'object') return
  for (const [key, part] of Object.entries(value)) {
    for (const one of replaced(part, by))
      yield Array.isArray(value) ? value.with(Number(key), one) : { ...value, [key]: one }
    if (key === 'environment') yield { ...value, [key]: { [by]: 'x' } }
    if (key === 'sftpKeys') yield { ...value, [key]: [by] }
  }
}

/** Asks with one hostile string in each place of the call; how often that was. */
async function askHostile(call: CallName, by: string): Promise<number> {
  const params = GOOD[call]
  // There is no configuration here for a front proxy, and no way to the package archive.
  const codes = `done|invalid|not_found|conflict|forbidden|limit_reached${['proxy.reload', 'template.check'].includes(call) ? '|host_failed' : ''}`
  const requests = [...replaced(params, by)].map((one) => ({ call, params: one, actor: 'mallory' }))
  requests.push({ call, params, actor: by }, { call, params: { ...params, [`${by}x`]: by }, actor: 'mallory' })
  const answers = await Promise.all(requests.map((request) => ask(request)))
  for (const [index, lines] of answers.entries()) {
    const { error } = lines.at(-1) ?? { error: { code: 'no answer' } }
    const where = `${call} ${JSON.stringify(requests[index]).slice(0, 300)}: ${JSON.stringify(error)}`
    expect(error?.code ?? 'done', where).toMatch(new RegExp(`^(${codes})$`))
    if (index === answers.length - 1) expect(error?.code, where).toBe('invalid')
  }
  return requests.length
}

test('AGT-2: hostile strings in every field of every call are refused or inert, and no shell is ever started', async () => {
  const before = spawned().length
  let asked = 0
  const names = (Object.keys(GOOD) as CallName[]).filter(
    (call) => !['host.stopAll', 'host.doctor', 'events'].includes(call),
  )
  for (const call of names) for (const by of HOSTILE) asked += await askHostile(call, by)
  expect(asked).toBeGreaterThan(600)
  const since = spawned().slice(before)
  expect(since.length).toBeGreaterThan(50)
  expect(spawned().filter(({ file }) => /(^|\/)(ba|da|a|z|k|c|tc)?sh$|busybox|\benv$/.test(file))).toEqual([])
  // What a caller says reaches a program only as an operand of what is run inside, behind the dashes.
  for (const { args } of since) {
    const end = args.indexOf('--')
    expect(args.slice(0, end === -1 ? undefined : end).join(' ')).not.toContain(MARK)
  }
  expect(readdirSync('/tmp').filter((name) => name.includes(MARK))).toEqual([])
  expect(readdirSync('/etc').filter((name) => name.includes(MARK))).toEqual([])
  await agent.engine.destroy('made', context)
}, 240_000)

test('AGT-4: the server’s user reads and changes nothing of the agent: images, records, audit log, consoles, memory', async () => {
  const { stateFolder, runFolder, logFolder } = agent.settings
  const talk = `const s = require('net').connect(process.argv[1]); s.write('{"call":"container.list","params":{},"actor":"ada"}\\n'); s.on('data', (text) => { process.stdout.write(text); s.destroy() })`
  expect((await asNobody(process.execPath, '-e', talk, agent.socket)).stdout).toContain('"id":"target"')
  const files = (await succeed('find', [stateFolder, join(runFolder, 'containers'), logFolder, '-type', 'f,p']))
    .trim()
    .split('\n')
  const kept = ['image', 'spec.json', 'audit.log', 'uid-slots.json', 'target.console', 'target.json', 'console.log']
  expect(files.map((file) => basename(file))).toEqual(expect.arrayContaining(kept))
  const memory = ['environ', 'mem', 'maps', 'fd/0', 'root/etc/hostname'].map((name) => `/proc/${agent.pid()}/${name}`)
  for (const file of [...files, ...memory]) {
    expect((await asNobody('head', '-c1', file)).stderr, file).toMatch(/Permission denied/)
    expect((await asNobody('dd', `of=${file}`, 'count=0', 'conv=notrunc', 'status=none')).stderr, file).toMatch(
      /denied/,
    )
  }
  for (const folder of [stateFolder, join(runFolder, 'containers'), join(logFolder, 'sites')]) {
    expect((await asNobody('ls', folder)).stderr, folder).toMatch(/Permission denied/)
    expect(statSync(folder).mode & 0o077, folder).toBe(0)
  }
})

test('AGT-9: each call of the table that does or shows something is in the audit log, before its effect', async () => {
  const harmless = [
    ...['host.status', 'events', 'container.get', 'container.list', 'container.ssh', 'template.list'],
    'template.choices',
  ]
  const log = join(agent.settings.stateFolder, 'audit.log')
  const entries = () =>
    readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  for (const call of Object.keys(calls) as CallName[]) {
    if (call === 'host.stopAll' || call === 'events') continue
    const count = entries().length
    await ask({ call, params: GOOD[call], actor: `auditor-${call}` })
    const [begin, end, ...more] = entries().slice(count)
    if (harmless.includes(call)) {
      expect(begin, call).toBeUndefined()
      continue
    }
    expect(begin, call).toMatchObject({
      call,
      actor: `auditor-${call}`,
      act: expect.any(String),
      time: expect.any(String),
    })
    expect(end, call).toMatchObject({ act: begin.act, outcome: expect.any(String) })
    expect(more, call).toEqual([])
  }
})

test('AGT-10: what is secret shows in no argument list, environment, log, answer or file that others may read', async () => {
  const environment = { SECRET: `${CANARY}Two` }
  const answers: Line[] = []
  const say = async (call: CallName, params: object) =>
    void answers.push(...(await ask({ call, params, actor: 'ada' })))
  await say('container.update', { spec: { ...spec(), settings: { ...spec().settings, environment } } })
  expect((await execIn(agent, 'target', ['printenv', 'SECRET'])).stdout).toBe(`${CANARY}Two\n`)
  await say('files.save', { id: 'target', path: 'note', base: null, content: Buffer.from(CANARY).toString('base64') })
  for (const call of [
    'container.get',
    'container.list',
    'container.stop',
    'container.start',
    'container.logs',
  ] as const)
    await say(call, {
      ...(call !== 'container.list' && { id: 'target' }),
      ...(call === 'container.logs' && { lines: 500 }),
    })
  // Refused for other reasons: words of refusal do not repeat what was said.
  await say('container.create', { spec: { ...spec(), id: 'other' } })
  await say('container.update', {
    spec: { ...spec(), settings: { ...spec().settings, databasePassword: `${CANARY}!` } },
  })
  const secret = [CANARY, Buffer.from(CANARY).toString('base64').replace(/=*$/, '')]
  const tells = (text: string) => secret.some((word) => text.includes(word))
  expect(answers.filter((line) => tells(JSON.stringify(line)))).toEqual([])
  expect(spawned().filter((one) => tells(JSON.stringify(one)))).toEqual([])
  expect(tells(agent.output())).toBe(false)
  const { stateFolder, runFolder, logFolder } = agent.settings
  const found = await finish('grep', ['-rlaF', '--devices=skip', CANARY, stateFolder, runFolder, logFolder])
  const files = found.stdout
    .trim()
    .split('\n')
    .map((file) => file.slice(stateFolder.length))
  // The record and the site's own disk; both below folders of root's alone (AGT-4).
  expect(files.sort()).toEqual(['/sites/target/image', '/sites/target/spec.json', '/sites/target/spec.last.json'])
  expect(existsSync(join(runFolder, 'containers/target.json'))).toBe(true)
  // No process of the host has it; those of the site that need it are the site's own. Kernel threads and what ends meanwhile have nothing.
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  const host = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
  const ownSpace = readFileSync('/proc/self/uid_map', 'utf8')
  for (const pid of host) {
    if (read(`/proc/${pid}/uid_map`) !== ownSpace) continue
    expect(tells(read(`/proc/${pid}/cmdline`) + read(`/proc/${pid}/environ`)), pid).toBe(false)
  }
})
