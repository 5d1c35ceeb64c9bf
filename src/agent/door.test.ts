import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CallName, calls } from '../model/calls.js'
import { AppError } from '../model/errors.js'
import { type Audit, openAudit } from './audit.js'
import type { Log } from './containers/log.js'
import { type Door, openDoor } from './door.js'
import type { Answers } from './door-connection.js'

type Line = Record<string, unknown>

let folder: string
let path: string
let door: Door
let audit: Audit
let logged: { event: string; facts: Line }[]
const opened: Socket[] = []

const log: Log = {
  info: (event, facts) => void logged.push({ event, facts: facts as Line }),
  warn: (event, facts) => void logged.push({ event, facts: facts as Line }),
  error: (event, facts) => void logged.push({ event, facts: facts as Line }),
}

function answersOf(some: Partial<Answers>): Answers {
  const missing = () => Promise.reject(new AppError('internal', 'not in this test'))
  const names = Object.keys(calls) as CallName[]
  return { ...(Object.fromEntries(names.map((name) => [name, missing])) as unknown as Answers), ...some }
}

const PATIENCE = { halfLineMs: 10_000, slowReaderMs: 30_000, mostCharacters: 64 * 1024 ** 2 }

async function open(some: Partial<Answers>, patience: Partial<typeof PATIENCE> = {}): Promise<void> {
  audit = openAudit(join(folder, 'audit.log'), () => undefined)
  door = await openDoor(path, 'root', { answers: answersOf(some), audit, log }, { ...PATIENCE, ...patience })
}

/** Sends texts as they are and collects the lines that come back until the end. */
function ask(...texts: (string | object)[]): Promise<Line[]> {
  const socket = createConnection(path)
  opened.push(socket)
  for (const text of texts) socket.write(typeof text === 'string' ? text : `${JSON.stringify(text)}\n`)
  return new Promise((resolve) => {
    const lines: Line[] = []
    createInterface({ input: socket }).on('line', (line) => lines.push(JSON.parse(line)))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(lines))
  })
}

const errorOf = (lines: Line[]) => (lines.at(-1) as { error: { code: string; message: string; id: string } }).error
const audited = () =>
  readFileSync(join(folder, 'audit.log'), 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'door-'))
  path = join(folder, 'agent.sock')
  logged = []
})

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  await door?.close(1000)
  audit?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('one call: progress lines, then the result, then the end', async () => {
  await open({
    'container.stop': async ({ id }, caller) => {
      caller.note({ step: 'services' })
      expect(id).toBe('shop')
      expect(caller.actor).toBe('ada')
      return { clean: true }
    },
  })
  const lines = await ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })
  expect(lines).toEqual([{ progress: { step: 'services' } }, { result: { clean: true } }])
  expect(statSync(path).mode & 0o777).toBe(0o660)
})

test('AGT-2: what is not a call is refused and nothing behind the door hears of it', async () => {
  let heard = 0
  await open({ 'container.get': async () => Promise.reject(new AppError('internal', String(++heard))) })
  const good = { call: 'container.get', params: { id: 'shop' }, actor: 'ada' }
  const bad: (string | object)[] = [
    'not json\n',
    '[]\n',
    { ...good, call: 'container.reboot' },
    { ...good, call: 'constructor' },
    { ...good, call: '__proto__' },
    { ...good, extra: 1 },
    { ...good, actor: '' },
    { ...good, actor: 'x'.repeat(65) },
    { ...good, actor: 'a\nb' },
    { ...good, actor: '../x' },
    `{"call":"container.get","params":${'['.repeat(1_000_000)}\n`,
    `{"call":"container.get","params":${'['.repeat(500_000)}${']'.repeat(500_000)},"actor":"ada"}\n`,
    { ...good, params: {} },
    { ...good, params: { id: 'shop', extra: 1 } },
    ...['--help', '-rf', '../x', '$(id)', 'a\nb', '%s', '', 'A', 'a', '.proxy', 'x'.repeat(42)].map((id) => ({
      ...good,
      params: { id },
    })),
  ]
  for (const request of bad) {
    const error = errorOf(await ask(request))
    expect(error.code, JSON.stringify(request)).toBe('invalid')
    expect(logged.some(({ facts }) => facts.id === error.id)).toBe(true)
  }
  expect(heard).toBe(0)
  expect(audited()).toEqual([])
})

test('an unforeseen error is told neutrally and logged with its cause', async () => {
  await open({ 'container.get': () => Promise.reject(new Error('secret of the inside')) })
  const error = errorOf(await ask({ call: 'container.get', params: { id: 'shop' }, actor: 'ada' }))
  expect(error).toMatchObject({ code: 'internal', message: 'Something went wrong inside.' })
  const entry = logged.find(({ facts }) => facts.id === error.id)
  expect(String((entry?.facts.error as Error | undefined)?.cause)).toContain('secret of the inside')
})

test('AGT-3: a line that is too long ends the connection with a reason', async () => {
  await open({})
  const error = errorOf(await ask('x'.repeat(4 * 1024 * 1024 + 1)))
  expect(error).toMatchObject({ code: 'invalid', message: 'The line is too long.' })
})

test('AGT-3: 100 callers in the middle of a line do not keep another one waiting', async () => {
  await open({ 'container.stop': async () => ({ clean: true }) })
  for (let i = 0; i < 100; i += 1) void ask('{"call":"container.st')
  const lines = await ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })
  expect(lines).toEqual([{ result: { clean: true } }])
})

test('AGT-3: a line that does not come to its end is cut off in time, also one after the request', async () => {
  await open({ 'container.exec': () => new Promise(() => undefined) }, { halfLineMs: 100 })
  const exec = { call: 'container.exec', params: { id: 'shop', argv: ['cat'], timeoutMs: 1000 }, actor: 'ada' }
  expect(await Promise.all([ask(), ask('{"call":'), ask(exec, '{"stdin":')])).toEqual([[], [], []])
})

test('AGT-3: one who does not read the answer is cut off in time', async () => {
  const lines = Array.from({ length: 500 }, () => ({ source: 'x', text: 'x'.repeat(4000) }))
  await open({ 'container.logs': async () => ({ lines }) }, { slowReaderMs: 200, mostCharacters: 3_000_000 })
  const socket = createConnection(path)
  opened.push(socket)
  socket.on('error', () => undefined).pause()
  const request = { call: 'container.logs', params: { id: 'shop', lines: 1 }, actor: 'ada' }
  socket.write(`${JSON.stringify(request)}\n`)
  await expect.poll(() => audited().length).toBe(2)
  expect(await ask(request)).toEqual([])
  await expect.poll(async () => (await ask(request)).length, { timeout: 5000 }).toBe(1)
})

test('AGT-3: what all callers make the agent keep together is bounded, and given back', async () => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const save = async () => released.then(() => ({ version: 'a'.repeat(64) }))
  await open({ 'files.save': save, 'container.stop': async () => ({ clean: true }) }, { mostCharacters: 1_000_000 })
  const content = 'A'.repeat(400_000)
  const request = { call: 'files.save', params: { id: 'shop', path: 'a', base: null, content }, actor: 'ada' }
  const held = [ask(request), ask(request)]
  await expect.poll(() => audited().length).toBe(2)
  expect(errorOf(await ask(request)).code).toBe('busy')
  expect(errorOf(await ask('x'.repeat(300_000))).code).toBe('busy')
  expect(await ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })).toEqual([
    { result: { clean: true } },
  ])
  release()
  for (const lines of await Promise.all(held)) expect(lines).toEqual([{ result: { version: 'a'.repeat(64) } }])
  expect(await ask(request)).toEqual([{ result: { version: 'a'.repeat(64) } }])
})

test('AGT-3: callers above the limit are told that it is busy', async () => {
  await open({ 'container.stop': async () => ({ clean: true }) })
  for (let i = 0; i < 256; i += 1) void ask('{')
  expect(errorOf(await ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })).code).toBe('busy')
})

test('streams pass both ways, and hanging up is told', async () => {
  let gone = false
  await open({
    'container.exec': async (_, caller) => {
      caller.hungUp.addEventListener('abort', () => {
        gone = true
      })
      for await (const chunk of caller.stdin) caller.stdout.write(Buffer.from(String(chunk).toUpperCase()))
      await new Promise<void>((resolve) => caller.stderr.write('end', () => resolve()))
      return { exitCode: 7 }
    },
  })
  const request = { call: 'container.exec', params: { id: 'shop', argv: ['cat'], timeoutMs: 1000 }, actor: 'ada' }
  const input = Buffer.from('hello ').toString('base64')
  const lines = await ask(request, { stdin: input }, { stdin: Buffer.from('you').toString('base64') }, { eof: true })
  const text = (name: string) =>
    lines.map((line) => Buffer.from(String(line[name] ?? ''), 'base64').toString()).join('')
  expect(text('stdout')).toBe('HELLO YOU')
  expect(text('stderr')).toBe('end')
  expect(lines.at(-1)).toEqual({ result: { exitCode: 7 } })
  await expect.poll(() => gone).toBe(true)
})

test('input goes in as it is taken: a caller is told how much, cut off with more, and missed when it has gone', async () => {
  let gone = 0
  let taken = 0
  await open({
    'container.exec': async (_, caller) => {
      caller.stdin.once('data', () => {
        taken += 1
        caller.stdin.pause()
      })
      await new Promise((resolve) => caller.hungUp.addEventListener('abort', resolve))
      gone += 1
      return { exitCode: 0 }
    },
  })
  const request = { call: 'container.exec', params: { id: 'shop', argv: ['cat'], timeoutMs: 1000 }, actor: 'ada' }
  const chunk = { stdin: Buffer.alloc(64 * 1024).toString('base64') }
  let said = ''
  const socket = createConnection(path)
  opened.push(socket)
  socket.on('data', (data) => {
    said += data
  })
  for (const line of [request, ...Array(4).fill(chunk)]) socket.write(`${JSON.stringify(line)}\n`)
  await expect.poll(() => taken).toBe(1)
  await expect.poll(() => said.split('\n').length).toBeGreaterThan(1)
  expect(JSON.parse(said.split('\n')[0] ?? '')).toEqual({ taken: 64 * 1024 })
  socket.end()
  await expect.poll(() => gone).toBe(1)
  const tooMuch = await ask(request, ...Array(6).fill(chunk))
  expect(tooMuch.filter((line) => 'result' in line)).toEqual([])
  await expect.poll(() => gone).toBe(2)
})

test('sizes are told as they come, the last one also to who asks late', async () => {
  const sizes: unknown[] = []
  await open({
    'container.terminal': async (_, caller) => {
      for await (const _chunk of caller.stdin) void 0
      caller.onResize((size) => sizes.push(size))
      return { exitCode: 0 }
    },
  })
  const size = { rows: 24, columns: 80 }
  const request = { call: 'container.terminal', params: { id: 'shop', size }, actor: 'ada' }
  const lines = await ask(request, { resize: size }, { resize: { rows: 50, columns: 90 } }, { eof: true })
  expect(lines).toEqual([{ result: { exitCode: 0 } }])
  expect(sizes).toEqual([{ rows: 50, columns: 90 }])
  expect(await ask(request, { resize: { rows: 0, columns: 80 } })).toEqual([])
})

test('a second request on one connection is not a conversation', async () => {
  await open({ 'container.stop': () => new Promise(() => undefined) })
  const request = { call: 'container.stop', params: { id: 'shop' }, actor: 'ada' }
  expect(await ask(request, request)).toEqual([])
})

test('closing waits for a verb, and cancels what can be cancelled', async () => {
  let finish: () => void = () => undefined
  let cancelled = 0
  await open({
    'container.stop': () => new Promise((resolve) => (finish = () => resolve({ clean: true }))),
    events: (_, caller) =>
      new Promise((resolve) =>
        caller.hungUp.addEventListener('abort', () => {
          cancelled += 1
          resolve({})
        }),
      ),
  })
  const stop = ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })
  void ask({ call: 'events', params: {}, actor: 'system' })
  await expect.poll(() => audited().length).toBe(1)
  const closing = door.close(5000)
  await expect.poll(() => cancelled).toBe(1)
  finish()
  await closing
  expect(await stop).toEqual([{ result: { clean: true } }])
  expect(existsSync(path)).toBe(false)
})

test('a dead agent gives its place, a live one does not', async () => {
  writeFileSync(path, '')
  await open({ 'container.stop': async () => ({ clean: true }) })
  const second = openDoor(path, 'root', { answers: answersOf({}), audit, log })
  await expect(second).rejects.toMatchObject({ code: 'conflict' })
  const lines = await ask({ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' })
  expect(lines).toEqual([{ result: { clean: true } }])
})

test('AGT-9, AGT-10: every act is written down before its effect, with its outcome after, and without secrets', async () => {
  let seenBefore = 0
  await open({
    'container.create': async () => {
      seenBefore = audited().length
      throw new AppError('conflict', 'taken')
    },
    'files.save': async () => ({ version: 'a'.repeat(64) }),
    'container.list': async () => ({ containers: [] }),
  })
  const spec = {
    id: 'shop',
    stack: { server: 'nginx', language: 'php', database: 'none' },
    address: 7,
    sftpPort: 22_007,
    limits: { cpuMilli: 500, memoryBytes: 268_435_456, diskBytes: 314_572_800, pids: 64 },
    settings: {
      domains: ['shop.example.org'],
      sftpPasswordHash: `$6$${'canary1.'.repeat(4)}`,
      sftpKeys: ['ssh-ed25519 canary2canary2canary2'],
      databasePassword: 'canary3canary3canary3',
      environment: { SECRET: 'canary4' },
    },
  }
  await ask({ call: 'container.create', params: { spec }, actor: 'ada' })
  const content = Buffer.from('canary5').toString('base64')
  await ask({ call: 'files.save', params: { id: 'shop', path: 'public/a', base: null, content }, actor: 'ada' })
  await ask({ call: 'container.list', params: {}, actor: 'system' })
  const [create, refused, save, saved, ...more] = audited()
  expect(seenBefore).toBe(1)
  expect(create).toMatchObject({ actor: 'ada', call: 'container.create', id: 'shop', address: 7 })
  expect(refused).toEqual({ time: expect.any(String), act: create.act, outcome: 'conflict' })
  expect(save).toMatchObject({ call: 'files.save', id: 'shop', path: 'public/a', base: null })
  expect(saved.outcome).toBe('done')
  expect(more).toEqual([])
  const text = readFileSync(join(folder, 'audit.log'), 'utf8')
  expect(text).not.toContain('canary')
  expect(text).not.toContain(content)
  expect(statSync(join(folder, 'audit.log')).mode & 0o777).toBe(0o600)
})
