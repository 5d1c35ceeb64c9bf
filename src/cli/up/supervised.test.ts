import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callAgent } from './call-agent.js'
import { deployApp } from './deploy-app.js'
import { lockFolder, lockNetwork } from './lock.js'
import { endPreviousChildren, openChildrenFile } from './previous-children.js'
import { findStartTime, isAlive } from './process-identity.js'
import { supervise } from './supervised.js'
import { waitUntil } from './wait-until.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'up-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const never = new AbortController().signal
const plan = (script: string, more: object = {}) => {
  const pids: number[] = []
  const said: string[] = []
  return {
    pids,
    said,
    plan: {
      name: 'thing',
      program: process.execPath,
      args: ['-e', script],
      logFile: join(folder, 'log'),
      say: (line: string) => said.push(line),
      onStarted: async (pid: number) => {
        pids.push(pid)
      },
      isReady: async () => readFileSync(join(folder, 'log'), 'utf8').includes('ready'),
      ...more,
    },
  }
}
const LIVES = 'console.log("ready"); process.stdin.resume().on("end", () => process.exit())'
const gone = async (pid: number) => (await findStartTime(pid)) === undefined

describe('a supervised program', () => {
  test('comes back when it is killed, and ends for good when it is told to', async () => {
    const { plan: thing, pids, said } = plan(LIVES)
    const supervised = await supervise(thing, never)
    process.kill(pids[0] ?? 0, 'SIGKILL')
    await waitUntil('a second one', async () => pids.length === 2, 5_000)
    expect(said).toEqual(['thing ended (SIGKILL); it is started again.'])
    await supervised.stop(5_000)
    expect(await gone(pids[1] ?? 0)).toBe(true)
    expect(pids).toHaveLength(2)
  })

  test('that does not want to end is killed after its time', async () => {
    const { plan: thing, pids } = plan(`process.on("SIGTERM", () => {}); ${LIVES}`)
    const supervised = await supervise(thing, never)
    await supervised.stop(200)
    expect(await gone(pids[0] ?? 0)).toBe(true)
  })

  test('that ends before it is ready is an error with its last words', async () => {
    const { plan: thing, pids } = plan('console.log("it was the port"); process.exit(3)')
    await expect(supervise(thing, never)).rejects.toMatchObject({
      code: 'host_failed',
      message: 'thing ended while it started (exit code 3).',
      hint: expect.stringContaining('it was the port'),
    })
    expect(pids).toHaveLength(1)
  })

  test('ends when whoever waits for it gives up', async () => {
    const { plan: thing, pids } = plan(LIVES, { isReady: async () => false })
    const controller = new AbortController()
    const started = supervise(thing, controller.signal)
    controller.abort()
    await expect(started).rejects.toThrow()
    expect(await gone(pids[0] ?? 0)).toBe(true)
  })
})

test('the processes of an earlier run are waited for, later ones with the same number are not touched', async () => {
  const { plan: thing, pids } = plan(LIVES)
  const supervised = await supervise(thing, never)
  const pid = pids[0] ?? 0
  const file = openChildrenFile(join(folder, 'up.json'))
  await file.add('thing', pid)
  const startTime = (await findStartTime(pid)) ?? ''
  expect(JSON.parse(readFileSync(join(folder, 'up.json'), 'utf8'))).toEqual([{ name: 'thing', pid, startTime }])
  writeFileSync(join(folder, 'other.json'), JSON.stringify([{ name: 'other', pid, startTime: '1' }]))
  await endPreviousChildren(join(folder, 'other.json'), () => undefined)
  expect(await isAlive({ pid, startTime })).toBe(true)
  const waiting = endPreviousChildren(join(folder, 'up.json'), () => undefined)
  await supervised.stop(5_000)
  await waiting
  expect(await isAlive({ pid, startTime })).toBe(false)
})

test('a folder and a network have one platform at a time', async () => {
  const path = join(folder, 'lock')
  const one = await lockFolder(path, folder)
  await expect(lockFolder(path, folder)).rejects.toMatchObject({ code: 'conflict' })
  await one.release()
  await (await lockFolder(path, folder)).release()
  const bridge = `test-${process.pid}`
  const network = await lockNetwork(bridge, '/here')
  await expect(lockNetwork(bridge, '/there')).rejects.toMatchObject({
    message: 'Another Ruche runs on this network: /here.',
  })
  await expect(lockNetwork(bridge, '/here')).rejects.toMatchObject({ message: 'Ruche runs already in /here.' })
  await network.release()
  await (await lockNetwork(bridge, '/there')).release()
})

test('the program is copied once, and again when it is another', async () => {
  const source = join(folder, 'source')
  const target = join(folder, 'target')
  const { mkdirSync, statSync } = await import('node:fs')
  mkdirSync(join(source, 'web'), { recursive: true, mode: 0o700 })
  writeFileSync(join(source, 'web/a.js'), 'one', { mode: 0o600 })
  expect(await deployApp(source, target)).toBe('copied')
  expect(statSync(join(target, 'web/a.js')).mode & 0o777).toBe(0o644)
  expect(statSync(join(target, 'web')).mode & 0o777).toBe(0o755)
  expect(await deployApp(source, target)).toBe('same')
  writeFileSync(join(source, 'web/a.js'), 'two')
  expect(await deployApp(source, target)).toBe('copied')
  expect(readFileSync(join(target, 'web/a.js'), 'utf8')).toBe('two')
})

describe('a call of the agent', () => {
  const call = async (answers: object[], note = () => undefined as unknown) => {
    const path = join(folder, 'agent.sock')
    const heard: string[] = []
    const server = createServer((caller) => {
      caller.on('data', (chunk) => {
        heard.push(String(chunk))
        caller.end(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
      })
    })
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const result = await callAgent(path, 'host.stopAll', {}, note).finally(() => server.close())
    return { result, heard }
  }

  test('tells progress, then its result', async () => {
    const seen: unknown[] = []
    const { result, heard } = await call([{ progress: { step: 'hello' } }, { result: {} }], (...args) =>
      seen.push(...args),
    )
    expect(result).toEqual({})
    expect(seen).toEqual([{ step: 'hello' }])
    expect(JSON.parse(heard[0] ?? '')).toEqual({ call: 'host.stopAll', params: {}, actor: 'system' })
  })

  test('throws the error of the agent, and says when it ends without an answer', async () => {
    const error = { code: 'busy', message: 'later', id: 'x' }
    await expect(call([{ error }])).rejects.toMatchObject({ code: 'busy', message: 'later' })
    await expect(call([])).rejects.toMatchObject({ code: 'unavailable' })
  })
})
