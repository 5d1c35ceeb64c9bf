import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentEvent } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import { openLocalEngine } from './local-engine.js'

let folder: string
let path: string
let server: Server | undefined
let callers: Set<Socket>
const context = { actor: 'ada' }

/** An agent that does with each connection's lines what it is told. */
async function listen(onLine: (line: Record<string, unknown>, caller: Socket) => void): Promise<void> {
  server = createServer((caller) => {
    callers.add(caller)
    caller.on('error', () => undefined)
    createInterface({ input: caller }).on('line', (line) => onLine(JSON.parse(line), caller))
  })
  await new Promise<void>((resolve) => server?.listen(path, resolve))
}

async function end(): Promise<void> {
  for (const caller of callers) caller.destroy()
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  server = undefined
}

const say = (caller: Socket, ...lines: object[]): void => {
  for (const line of lines) caller.write(`${JSON.stringify(line)}\n`)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
  path = join(folder, 'agent.sock')
  callers = new Set()
})
afterEach(async () => {
  await end()
  rmSync(folder, { recursive: true, force: true })
})

test('no agent is not an absent container', async () => {
  const engine = openLocalEngine(path)
  await expect(engine.find('shop')).rejects.toMatchObject({ code: 'unavailable' })
  await expect(engine.list()).rejects.toMatchObject({
    code: 'unavailable',
    hint: expect.stringContaining('ruche status'),
  })
})

test('the agent who hangs up in the middle, or says what cannot be understood, is unavailable', async () => {
  const engine = openLocalEngine(path)
  await listen((_, caller) => caller.destroy())
  await expect(engine.stop('shop', context)).rejects.toMatchObject({ code: 'unavailable' })
  await end()
  for (const answer of [
    { hello: 1 },
    { result: { clean: 'perhaps' } },
    { error: { code: 'odd', message: '', id: '' } },
  ]) {
    await listen((_, caller) => say(caller, answer))
    await expect(engine.stop('shop', context), JSON.stringify(answer)).rejects.toMatchObject({ code: 'unavailable' })
    await end()
  }
})

test('a request carries its actor, progress and errors come back as they were', async () => {
  const seen: unknown[] = []
  await listen((line, caller) => {
    seen.push(line)
    const body = { code: 'conflict', message: 'taken', hint: 'choose another', id: 'x1' }
    say(caller, { progress: { step: 'image' } }, { error: body })
  })
  const notes: unknown[] = []
  const asked = openLocalEngine(path).stop('shop', { ...context, note: (progress) => notes.push(progress) })
  await expect(asked).rejects.toMatchObject({ code: 'conflict', message: 'taken', hint: 'choose another' })
  expect(seen).toEqual([{ call: 'container.stop', params: { id: 'shop' }, actor: 'ada' }])
  expect(notes).toEqual([{ step: 'image' }])
})

test('giving up hangs up', async () => {
  let gone = false
  await listen((_, caller) => {
    caller.once('close', () => {
      gone = true
    })
  })
  const giveUp = new AbortController()
  const asked = openLocalEngine(path).stop('shop', { ...context, signal: giveUp.signal })
  await expect.poll(() => callers.size).toBe(1)
  giveUp.abort(new AppError('timed_out', 'enough'))
  await expect(asked).rejects.toMatchObject({ code: 'timed_out', message: 'enough' })
  await expect.poll(() => gone).toBe(true)
})

test('a program gets its input and its output comes back as bytes', async () => {
  await listen((line, caller) => {
    if ('call' in line) return
    if ('eof' in line) say(caller, { result: { exitCode: 3 } })
    else
      say(
        caller,
        { taken: Buffer.from(String(line.stdin), 'base64').length },
        { stdout: line.stdin },
        { stderr: Buffer.from('err').toString('base64') },
      )
  })
  const chunks: Buffer[] = []
  let stderr = ''
  const input = Buffer.alloc(2_000_000, 255)
  const streams = {
    stdin: input,
    onStdout: (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk)),
    onStderr: (chunk: Uint8Array) => {
      stderr += Buffer.from(chunk).toString()
    },
  }
  expect(await openLocalEngine(path).exec('shop', { argv: ['cat'], timeoutMs: 1000 }, streams, context)).toBe(3)
  expect(Buffer.concat(chunks).equals(input)).toBe(true)
  expect(stderr).toBe('err'.repeat(Math.ceil(input.length / 65_536)))
})

test('of its input no more is asked for than the program takes, and its output waits for the one who takes it', async () => {
  let program: Socket | undefined
  let heardBytes = 0
  await listen((line, caller) => {
    program = caller
    if (line.stdin) heardBytes += Buffer.from(String(line.stdin), 'base64').length
  })
  let asked = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      asked += 1
      yield new Uint8Array(10_000)
    }
  }
  const release: (() => void)[] = []
  const onStdout = (): Promise<void> => new Promise((resolve) => release.push(resolve))
  const streams = { stdin: endless(), onStdout, onStderr: () => undefined }
  const code = openLocalEngine(path).exec('shop', { argv: ['cat'], timeoutMs: 1000 }, streams, context)
  await expect.poll(() => heardBytes).toBe(260_000)
  expect(asked).toBeLessThanOrEqual(28)
  say(program as Socket, { taken: 260_000 })
  await expect.poll(() => heardBytes).toBe(520_000)
  // Far more than the sockets hold.
  const output = Buffer.alloc(60_000, 1).toString('base64')
  for (let n = 0; n < 100; n += 1) say(program as Socket, { stdout: output })
  say(program as Socket, { result: { exitCode: 0 } })
  await expect.poll(() => release.length).toBeGreaterThan(0)
  expect((program as Socket).writableLength).toBeGreaterThan(1_000_000)
  for (let n = 0; n < 100; n += 1) {
    await expect.poll(() => release.length).toBeGreaterThan(n)
    release[n]?.()
  }
  expect(await code).toBe(0)
})

test('who takes the last of the output slowly gets all of it, though the agent has hung up by then', async () => {
  await listen((line, caller) => {
    if (!('call' in line)) return
    say(caller, { stdout: Buffer.from('the last').toString('base64') }, { result: {} })
    caller.end()
  })
  let taken = ''
  const take = async (chunk: Uint8Array): Promise<void> => {
    // Until the agent's end of the connection is gone.
    const [caller] = callers
    await new Promise<void>((resolve) => (caller?.destroyed ? resolve() : caller?.once('close', () => resolve())))
    await new Promise((resolve) => setImmediate(resolve))
    taken += Buffer.from(chunk).toString()
  }
  const signal = new AbortController().signal
  await openLocalEngine(path).database('shop', 'ada').export('sql', { take, signal })
  expect(taken).toBe('the last')
})

test('input that breaks off ends the call, with its reason', async () => {
  await listen(() => undefined)
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10)
    throw new AppError('invalid', 'half')
  }
  const streams = { stdin: broken(), onStdout: () => undefined, onStderr: () => undefined }
  const run = openLocalEngine(path).exec('shop', { argv: ['cat'], timeoutMs: 1000 }, streams, context)
  await expect(run).rejects.toMatchObject({ code: 'invalid', message: 'half' })
  await expect.poll(() => [...callers].every((caller) => caller.destroyed)).toBe(true)
})

test('a terminal is told its sizes', async () => {
  const lines: unknown[] = []
  await listen((line, caller) => {
    lines.push(line)
    if ('eof' in line) say(caller, { result: { exitCode: 0 } })
  })
  const streams = {
    stdin: (async function* () {
      yield Buffer.from('ls')
    })(),
    onStdout: () => undefined,
    size: { rows: 24, columns: 80 },
    onResize: (tell: (size: { rows: number; columns: number }) => void) => tell({ rows: 30, columns: 90 }),
  }
  expect(await openLocalEngine(path).terminal('shop', streams, context)).toBe(0)
  expect(lines).toEqual([
    { call: 'container.terminal', params: { id: 'shop', size: { rows: 24, columns: 80 } }, actor: 'ada' },
    { resize: { rows: 30, columns: 90 } },
    { stdin: Buffer.from('ls').toString('base64') },
    { eof: true },
  ])
})

test('events go on through an agent that comes and goes, until nobody wants them', async () => {
  const seen: AgentEvent[] = []
  const enough = new AbortController()
  openLocalEngine(path).follow((event) => seen.push(event), enough.signal)
  const hello = () =>
    listen((_, caller) => say(caller, { event: { type: 'resync' } }, { event: { type: 'templates' } }))
  await hello()
  await expect.poll(() => seen.map(({ type }) => type), { timeout: 10_000 }).toEqual(['resync', 'templates'])
  await end()
  await hello()
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(4)
  enough.abort()
  await expect.poll(() => [...callers].every((caller) => caller.destroyed)).toBe(true)
  await end()
  await listen((_, caller) => say(caller, { event: { type: 'templates' } }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(seen).toHaveLength(4)
})

test('an event that is not known yet asks for a look at everything', async () => {
  const seen: AgentEvent[] = []
  const enough = new AbortController()
  await listen((_, caller) => say(caller, { event: { type: 'moon' } }))
  openLocalEngine(path).follow((event) => seen.push(event), enough.signal)
  await expect.poll(() => seen).toEqual([{ type: 'resync' }])
  enough.abort()
})
