import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TerminalSize } from '../../../src/model/terminal.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { finish, until } from '../../helpers/programs.js'

/** Deadlines on a slow machine are this much longer. */
const PATIENCE = Number(process.env.RUCHE_TEST_PATIENCE ?? 1)

let agent: TestAgent
const context = { actor: 'test' }
const spec = specFor('work', 50)

beforeAll(async () => {
  agent = await startAgent()
  await agent.engine.create(spec, context)
  await agent.engine.start('work', context)
})
afterAll(async () => {
  await agent?.close()
})

const processesOf = (text: string) =>
  readFileSync(`/sys/fs/cgroup/pids/${agent.settings.cgroup}/work/cgroup.procs`, 'utf8')
    .trim()
    .split('\n')
    .filter((pid) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text))

test('ISO-7: a program runs as the site, confined, with its variables, streams and exit code', async () => {
  const status = await execIn(agent, 'work', ['cat', '/proc/self/status'])
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status.stdout)?.[1]
  expect(field('Uid')).toBe('1000\t1000\t1000\t1000')
  expect(field('Groups')?.trim()).toBe('')
  expect([field('CapPrm'), field('CapEff'), field('CapBnd'), field('CapAmb')]).toEqual(
    Array(4).fill('0000000000000000'),
  )
  expect([field('NoNewPrivs'), field('Seccomp')]).toEqual(['1', '2'])
  expect(await execIn(agent, 'work', ['sh', '-c', 'pwd; echo "$GREETING"; echo err >&2; exit 7'])).toEqual({
    code: 7,
    stdout: '/home/site\nhello from work\n',
    stderr: 'err\n',
  })
  expect(await execIn(agent, 'work', ['no-such-program'])).toMatchObject({ code: 127 })
  expect(await execIn(agent, 'work', ['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: 137 })
  expect(await execIn(agent, 'work', ['--help'])).toMatchObject({ code: 127 })
  const stdin = new Uint8Array(3 * 1024 * 1024).fill(65)
  expect((await execIn(agent, 'work', ['cat'], { stdin })).stdout.length).toBe(stdin.length)
  expect((await execIn(agent, 'work', ['head', '-c', '1'], { stdin })).stdout).toBe('A')
})

test('the caller who hangs up, or the time limit, ends the program', async () => {
  const hangUp = new AbortController()
  const streams = { onStdout: () => undefined, onStderr: () => undefined }
  const run = agent.engine.exec('work', { argv: ['sleep', '4321'], timeoutMs: 60_000 }, streams, {
    ...context,
    signal: hangUp.signal,
  })
  run.catch(() => undefined)
  await until('it runs', async () => processesOf('4321').length > 0)
  hangUp.abort()
  await expect(run).rejects.toThrow()
  await until('it is gone', async () => processesOf('4321').length === 0)
  await expect(
    execIn(agent, 'work', ['sh', '-c', 'sleep 4322 & sleep 4322'], { timeoutMs: 300 }),
  ).rejects.toMatchObject({
    code: 'timed_out',
  })
  await until('it is gone', async () => processesOf('4322').length === 0)
})

test('AGT-7: an endless output is passed on at the pace of the one who reads, not kept', async () => {
  const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${agent.pid()}/status`, 'utf8'))?.[1])
  const before = rss()
  let bytes = 0
  const hangUp = new AbortController()
  const onStdout = (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > 200 * 1024 * 1024) hangUp.abort()
  }
  const streams = { onStdout, onStderr: () => undefined }
  await agent.engine
    .exec('work', { argv: ['yes'], timeoutMs: 60_000 }, streams, { ...context, signal: hangUp.signal })
    .catch(() => undefined)
  expect(bytes).toBeGreaterThan(200 * 1024 * 1024)
  expect(rss() - before).toBeLessThan(100 * 1024)
  await until('it is gone', async () => processesOf('yes').length === 0)
})

test('AGT-7: input is taken at the pace of the program, and one that takes none is ended with its caller', async () => {
  const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${agent.pid()}/status`, 'utf8'))?.[1])
  const before = rss()
  let sentBytes = 0
  async function* input(mostBytes: number): AsyncGenerator<Uint8Array> {
    const chunk = new Uint8Array(64 * 1024)
    for (sentBytes = 0; sentBytes < mostBytes; sentBytes += chunk.length) yield chunk
  }
  let counted = ''
  const onStdout = (chunk: Uint8Array) => {
    counted += Buffer.from(chunk).toString()
  }
  const streams = { stdin: input(200 * 1024 ** 2), onStdout, onStderr: () => undefined }
  const count = { argv: ['wc', '-c'], timeoutMs: 600_000, silenceMs: 60_000 }
  expect(await agent.engine.exec('work', count, streams, context)).toBe(0)
  expect(counted.trim()).toBe(String(200 * 1024 ** 2))
  expect(rss() - before).toBeLessThan(50 * 1024)

  const hangUp = new AbortController()
  const stuck = agent.engine.exec(
    'work',
    { argv: ['sleep', '4323'], timeoutMs: 600_000 },
    { ...streams, stdin: input(1024 ** 3) },
    { ...context, signal: hangUp.signal },
  )
  stuck.catch(() => undefined)
  await until('it runs and takes no more', async () => processesOf('4323').length > 0 && sentBytes > 256 * 1024)
  expect(sentBytes).toBeLessThan(1024 ** 2)
  hangUp.abort()
  await expect(stuck).rejects.toThrow()
  await until('it is gone', async () => processesOf('4323').length === 0)
})

test('a program that is silent for too long is ended; one that speaks is not', async () => {
  const run = (script: string) => {
    const program = { argv: ['sh', '-c', script], timeoutMs: 600_000, silenceMs: 2000 * PATIENCE }
    return agent.engine.exec('work', program, { onStdout: () => undefined, onStderr: () => undefined }, context)
  }
  await expect(run('sleep 4324')).rejects.toMatchObject({ code: 'timed_out' })
  await until('it is gone', async () => processesOf('4324').length === 0)
  expect(await run('for n in 1 2 3 4 5 6; do sleep 0.5; echo; done')).toBe(0)
})

test('ISO-15: a terminal is a login shell of the site on a terminal of its own', async () => {
  let screen = ''
  let type: (text: string) => void = () => undefined
  const typed = new PassThrough()
  type = (text) => typed.write(text)
  let resize: (size: TerminalSize) => void = () => undefined
  const streams = {
    stdin: typed,
    onStdout: (chunk: Uint8Array) => {
      screen += Buffer.from(chunk).toString()
    },
    size: { rows: 33, columns: 77 },
    onResize: (tell: typeof resize) => {
      resize = tell
    },
  }
  const code = agent.engine.terminal('work', streams, context)
  type('echo "$GREETING|$TERM|$(id -u)|$(stty size)|$HOME|$PWD"; echo >/dev/tty ok; stat -c %u "$(tty)"\n')
  await until('it answers', async () =>
    /hello from work\|xterm-256color\|1000\|33 77\|\/home\/site\|\/home\/site/.test(screen),
  )
  resize({ rows: 12, columns: 34 })
  type('stty size; grep -c . /proc/self/status; grep Seccomp: /proc/self/status; exit 9\n')
  expect(await code).toBe(9)
  expect(screen).toContain('12 34')
  expect(screen).toMatch(/Seccomp:\s+2/)
  expect(screen).not.toContain('no job control')

  const hangUp = new AbortController()
  const second = agent.engine.terminal(
    'work',
    { ...streams, stdin: new PassThrough() },
    { ...context, signal: hangUp.signal },
  )
  second.catch(() => undefined)
  await until('it is there', async () => processesOf('--login').length > 0)
  hangUp.abort()
  await until('it is gone', async () => processesOf('--login').length === 0)
})

test('limits and settings change at once, a stopped site takes them at its next start', async () => {
  const environment = { GREETING: 'new\nline', MORE: 'yes' }
  const limits = { ...spec.limits, cpuMilli: 700, memoryBytes: 200 * 1024 ** 2, pids: 99 }
  const changed = { ...spec, limits, sftpPort: 22_950, settings: { ...spec.settings, environment } }
  const before = (await agent.engine.find('work'))?.pid
  expect(await agent.engine.update(changed, context)).toMatchObject({ limits, sftpPort: 22_950, pid: before })
  const group = (controller: string, file: string) =>
    readFileSync(`/sys/fs/cgroup/${controller}/${agent.settings.cgroup}/work/${file}`, 'utf8').trim()
  expect(group('cpu', 'cpu.cfs_quota_us')).toBe('70000')
  expect(group('memory', 'memory.limit_in_bytes')).toBe(String(200 * 1024 ** 2))
  expect(group('pids', 'pids.max')).toBe('99')
  expect((await execIn(agent, 'work', ['sh', '-c', 'printf %s "$GREETING|$MORE"'])).stdout).toBe('new\nline|yes')
  expect((await agent.get('10.1.1.50')).status).toBe(200)

  const refused = (change: object, code: string) =>
    expect(agent.engine.update({ ...changed, ...change }, context)).rejects.toMatchObject({ code })
  await refused({ address: 51 }, 'invalid')
  await refused({ limits: { ...limits, diskBytes: limits.diskBytes - 1024 ** 2 } }, 'invalid')
  await refused({ limits: { ...limits, diskBytes: 1024 ** 4 } }, 'limit_reached')
  await refused({ id: 'other' }, 'not_found')
  await agent.engine.create(specFor('beside', 52), context)
  await refused({ sftpPort: 22_052 }, 'conflict')
  await agent.engine.destroy('beside', context)

  await agent.engine.stop('work', context)
  const larger = { ...changed, limits: { ...limits, diskBytes: 500 * 1024 ** 2 } }
  await agent.engine.update(larger, context)
  await agent.engine.start('work', context)
  const df = await execIn(agent, 'work', ['df', '--output=size', '-B1M', '/home/site'])
  expect(Number(df.stdout.split('\n')[1])).toBeGreaterThan(400)
  expect(await agent.engine.update(larger, context)).toMatchObject({ limits: larger.limits })
})

test('AGT-7: logs: bounded whatever a site writes there', async () => {
  const nginx = async () => (await agent.engine.logs('work', 100)).filter(({ source }) => source === 'nginx')
  expect((await nginx()).length).toBeLessThanOrEqual(100)
  const pid = (await agent.engine.find('work'))?.pid ?? 0
  const start = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''
  const asRoot = (script: string) =>
    agent.inside(
      agent.settings.launcher,
      ...['enter', '--pid', String(pid), '--start', start, '--uid', '0', '--gid', '0', '--', 'sh', '-c', script],
    )
  await asRoot(
    "head -c 50M /dev/zero | tr '\\0' 'x' >>/var/log/nginx/current; printf '\\n\\377\\033[31mred\\n' >>/var/log/nginx/current",
  )
  const begin = performance.now()
  const lines = await nginx()
  expect(performance.now() - begin).toBeLessThan(5000)
  expect(lines.every(({ text }) => text.length <= 4096)).toBe(true)
  expect(lines.at(-1)?.text).toBe('\ufffd\u001b[31mred')
  await asRoot('rm /var/log/nginx/current; mkfifo /var/log/nginx/current')
  const console = await agent.engine.logs('work', 100)
  expect(console.filter(({ source }) => source === 'nginx')).toEqual([])
  // What floods its console fills neither our memory nor the host's disk, and nobody waits for it.
  await asRoot('rm /var/log/nginx/current')
  const fifo = join(agent.settings.runFolder, 'containers/work.console')
  const flood = finish('timeout', ['3', 'sh', '-c', 'exec yes "flood of $$" >"$0"', fifo])
  await until('it arrives', async () =>
    (await agent.engine.logs('work', 5)).some(({ text }) => text.startsWith('flood of')),
  )
  const asked = performance.now()
  await agent.engine.list()
  expect(performance.now() - asked).toBeLessThan(1000)
  await flood
  for (const name of ['console.log', 'console.log.1']) {
    const file = join(agent.settings.logFolder, 'sites/work', name)
    expect(existsSync(file) ? readFileSync(file).length : 0).toBeLessThanOrEqual(1024 ** 2)
  }
  expect((await agent.get('10.1.1.50')).status).toBe(200)
})

test('what runs in no running site is refused', async () => {
  await agent.engine.stop('work', context)
  await expect(execIn(agent, 'work', ['true'])).rejects.toMatchObject({ code: 'conflict' })
  await expect(execIn(agent, 'absent', ['true'])).rejects.toMatchObject({ code: 'not_found' })
  expect((await agent.engine.logs('work', 10)).length).toBeGreaterThan(0)
})
