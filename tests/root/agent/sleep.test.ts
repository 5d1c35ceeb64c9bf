import { createHash, randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { endProcess, start, until } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }
const MIB = 1024 ** 2

beforeAll(async () => {
  agent = await startAgent()
})
afterEach(async () => {
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})
afterAll(async () => {
  await agent?.close()
})

async function asleep(id: string, address: number, stack?: string) {
  await agent.engine.create(specFor(id, address, stack), context)
  await agent.engine.start(id, context)
  return agent.engine.sleep(id, context)
}

const phaseOf = async (id: string) => (await agent.engine.find(id))?.phase

test('a site that sleeps costs nothing, stays wanted, and is up again for the first who asks, who is answered', async () => {
  const status = await asleep('drowsy', 11)
  expect(status).toMatchObject({ phase: 'asleep', wanted: 'running' })
  expect(status.pid).toBeUndefined()
  expect((await agent.inside('ip', '-o', 'link')).stdout).not.toContain('rv11@')
  // Once more: no change.
  expect(await agent.engine.sleep('drowsy', context)).toMatchObject({ phase: 'asleep' })

  expect((await agent.get('10.1.1.11')).status).toBe(200)
  expect(await agent.engine.find('drowsy')).toMatchObject({ phase: 'running', wanted: 'running', restarts: 0 })
})

// The bridge loses its carrier with the last cable, and half a second later the host forgets connections of what is stopped.
test('who comes while a site falls asleep, or just after, is kept and not asked to come again', async () => {
  await agent.engine.create(specFor('last', 19), context)
  await agent.engine.start('last', context)
  const before = await countResentRequests()
  for (const afterMs of [0, 0, 250, 350, 400, 450, 490]) {
    await agent.engine.sleep('last', context)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    expect((await agent.get('10.1.1.19')).status).toBe(200)
  }
  expect(await countResentRequests()).toBe(before)
})

/** Connection requests that the machine had to send again (proc_net_netstat: TCPSynRetrans): each is a second of waiting. */
async function countResentRequests(): Promise<number> {
  const [names = [], values = []] = (await agent.inside('cat', '/proc/net/netstat')).stdout
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf('TCPSynRetrans')])
}

test('a hundred first requests wake a site once, and each is answered', async () => {
  await asleep('crowd', 12)
  const urls = Array.from({ length: 100 }, () => 'http://10.1.1.12/')
  const args = ['-sS', '--no-progress-meter', '--max-time', '30', '-o', '/dev/null', '-w', '%{http_code}\n']
  const { stdout, stderr } = await agent.inside(
    'curl',
    '--parallel',
    '--parallel-immediate',
    '--parallel-max',
    '100',
    ...urls.flatMap((url, n) => [...(n > 0 ? ['--next'] : []), ...args, url]),
  )
  expect(stderr).toBe('')
  expect(
    stdout
      .trim()
      .split('\n')
      .filter((code) => code === '200'),
  ).toHaveLength(100)
  const starts = agent
    .output()
    .split('\n')
    .filter((line) => line.includes('"event":"running","id":"crowd"'))
  expect(starts).toHaveLength(2)
})

test('an upload of 5 MB to a sleeping site arrives whole', async () => {
  await agent.engine.create(specFor('parcel', 13, 'nginx-php-none'), context)
  await agent.engine.start('parcel', context)
  const echo = Buffer.from('<?php echo hash("sha256", file_get_contents("php://input"));')
  await agent.engine.files('parcel', 'test').save('public/echo.php', null, echo)
  await agent.engine.sleep('parcel', context)
  const body = randomBytes(5 * MIB)
  const file = join(agent.root, 'body')
  await writeFile(file, body)
  const { stdout } = await agent.inside(
    ...['curl', '-sS', '--max-time', '30', '--data-binary', `@${file}`, 'http://10.1.1.13/echo.php'],
  )
  expect(stdout).toBe(createHash('sha256').update(body).digest('hex'))
})

test('who is connected keeps a site awake, and so does a program that was started in it', async () => {
  await agent.engine.create(specFor('held', 14), context)
  await agent.engine.start('held', context)
  const visit = start('ip', [
    'netns',
    'exec',
    agent.space,
    'bash',
    '-c',
    'exec 3<>/dev/tcp/10.1.1.14/80; echo on; read -r',
  ])
  await until('it is connected', async () => visit.output().includes('on') || undefined)
  await expect(agent.engine.sleep('held', context)).rejects.toMatchObject({ code: 'busy' })
  await endProcess(visit.child, 'SIGTERM', 5000)

  let told = () => {}
  const reads = new Promise<void>((resolve) => (told = resolve))
  const abort = new AbortController()
  const streams = { onStdout: () => told(), onStderr: () => undefined }
  const program = agent.engine
    .exec('held', { argv: ['sh', '-c', 'echo on; exec sleep 100'], timeoutMs: 100_000 }, streams, {
      ...context,
      signal: abort.signal,
    })
    .catch(() => undefined)
  await reads
  await expect(agent.engine.sleep('held', context)).rejects.toMatchObject({ code: 'busy' })
  expect(await phaseOf('held')).toBe('running')
  abort.abort(new Error('enough'))
  await program
  await until('nobody holds it', () => agent.engine.sleep('held', context).catch(() => undefined))
  expect(await phaseOf('held')).toBe('asleep')
})

test('work on its files leaves a site asleep; a program to be run in it wakes it', async () => {
  await asleep('cared', 15)
  const files = agent.engine.files('cared', 'test')
  await files.save('public/new.html', null, Buffer.from('new'))
  expect(await phaseOf('cared')).toBe('asleep')
  expect(await execIn(agent, 'cared', ['cat', 'public/new.html'])).toMatchObject({ code: 0, stdout: 'new' })
  expect(await phaseOf('cared')).toBe('running')
})

test('asleep it outlives the agent, killed or not, and is still woken by the first visit', async () => {
  await asleep('patient', 16)
  await agent.end('SIGKILL')
  await agent.start()
  expect(await phaseOf('patient')).toBe('asleep')
  expect((await agent.get('10.1.1.16')).status).toBe(200)
})

test('a sleeping site can be stopped, started and destroyed like any other; stopped, it refuses at once', async () => {
  const { ipv4 } = await asleep('plain', 17)
  expect(await agent.engine.stop('plain', context)).toEqual({ clean: true })
  expect(await agent.engine.find('plain')).toMatchObject({ phase: 'stopped', wanted: 'stopped' })
  expect((await agent.inside('curl', '-sS', '--max-time', '10', `http://${ipv4}/`)).stderr).toContain(
    'Failed to connect',
  )
  await expect(agent.engine.sleep('plain', context)).rejects.toMatchObject({ code: 'conflict' })
  await agent.engine.start('plain', context)
  expect((await agent.get(ipv4)).status).toBe(200)
  await agent.engine.sleep('plain', context)
  await agent.engine.destroy('plain', context)
  expect((await agent.inside('ip', 'neighbour')).stdout).not.toContain(`${ipv4} `)
})

test('a site that cannot be woken says so, and the visitor is not kept for ever', async () => {
  const { ipv4 } = await asleep('broken', 18)
  const image = join(agent.settings.stateFolder, 'sites/broken/image')
  await rename(image, `${image}.away`)
  const visit = await agent.inside('curl', '-sS', '--max-time', '40', `http://${ipv4}/`)
  expect(visit.code).not.toBe(0)
  expect(await phaseOf('broken')).toMatch(/failed|starting/)
  await rename(`${image}.away`, image)
  await until('it came back', async () => ((await phaseOf('broken')) === 'running' ? true : undefined))
  expect((await agent.get(ipv4)).status).toBe(200)
})
