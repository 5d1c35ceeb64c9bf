import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectNoLeaks } from '../helpers/leak-oracle.js'
import { VM_IPV4 } from '../helpers/outer-network.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'
import { endProcess, finish, succeed, until } from '../helpers/programs.js'
import { type Speaker, speak } from './noisy/windows.js'

const HOST = `shop.${BASE_DOMAIN}`
/** One source may have 100 connections of the front proxy; these are three. */
const SOURCES = ['203.0.113.21', '203.0.113.22', '203.0.113.23']
/** A site takes 16 SFTP sessions at once. */
const [IDLE, STREAMS, SFTP] = [93, 93, 14]

let platform: Platform
let folder = ''
const crowd: Speaker[] = []

beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp('/tmp/ruche-held-')
  await platform.resolve(HOST)
  await platform.json('create', 'shop', '--language', 'php', '--database', 'none')
  const page = '<?php echo strlen(file_get_contents(\'php://input\')), " done\\n";'
  const put = ['sh', '-c', 'printf %s "$1" >public/echo.php', 'sh', page]
  expect((await platform.ruche('exec', 'shop', '--', ...put)).code).toBe(0)
  for (const address of SOURCES)
    await succeed('ip', ['-n', platform.network.visitor, 'address', 'add', `${address}/24`, 'dev', 'eth0'])
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  await platform.json('sftp', 'shop', '--add-key', (await readFile(join(folder, 'key.pub'), 'utf8')).trim())
})
afterAll(async () => {
  for (const { child } of crowd) await endProcess(child, 'SIGTERM', 1000)
  const { cgroup } = await platform.agentSettings()
  await platform.close()
  await rm(folder, { recursive: true, force: true })
  await expectNoLeaks({ folder: platform.root, uidBases: [], cgroupWord: cgroup })
})

function hold(kind: string, count: number): Speaker {
  const script = new URL('held/hold.mjs', import.meta.url).pathname
  const argv = [process.execPath, script, platform.caFile, HOST, kind, String(count), ...SOURCES]
  const speaker = speak(platform.network, platform.network.visitor, argv)
  crowd.push(speaker)
  return speaker
}

/** A session that has been signed in and asked for its folder. */
async function openSftp(port: number, n: number): Promise<Speaker> {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes']
  const source = SOURCES[n % SOURCES.length] ?? ''
  const argv = ['sftp', '-q', '-P', String(port), '-i', join(folder, 'key'), ...options.flatMap((one) => ['-o', one])]
  const speaker = speak(platform.network, platform.network.visitor, [
    ...argv,
    '-o',
    `BindAddress=${source}`,
    `site@${VM_IPV4}`,
  ])
  crowd.push(speaker)
  speaker.child.stdin?.write('pwd\n')
  await until('the session stands', async () => speaker.output().includes('Remote working directory'), 60_000)
  return speaker
}

/** Pid of our root process or of the server of this platform, by its settings file. */
async function pidOf(settings: string): Promise<number> {
  const { stdout } = await finish('ps', ['-eo', 'pid,args'])
  const wanted = join(platform.root, 'run', settings)
  const line = stdout
    .split('\n')
    .find((text) => text.includes(wanted) && /\bnode\b/.test(text) && !text.includes('setpriv'))
  return Number(line?.trim().split(/\s+/)[0])
}

async function restart(settings: string, signal: NodeJS.Signals): Promise<void> {
  const old = await pidOf(settings)
  process.kill(old, signal)
  await until('it is back', async () => ![old, 0, Number.NaN].includes((await pidOf(settings)) || 0), 60_000)
  await until(
    'it answers',
    async () => (await platform.json<{ state: string }>('show', 'shop')).state === 'running',
    60_000,
  )
}

/** As when an administrator restarts nftables: all rules go, and our root process loads its own anew. */
async function reloadFirewall(): Promise<void> {
  const { vm, run } = platform.network
  const tables = async () => (await run(vm, ['nft', 'list', 'tables'])).stdout
  expect(await tables()).toContain('table inet ruche')
  expect((await run(vm, ['nft', 'flush', 'ruleset'])).code).toBe(0)
  expect(await tables()).not.toContain('ruche')
  await until('the rules are there again', async () => (await tables()).includes('table inet ruche'), 60_000)
}

it('NET-13: of 200 connections none is lost by a reload of the firewall, a restart of the agent and one of the server', async () => {
  const { pid, sftp_port: port } = await platform.json<{ pid: number; sftp_port: number }>('show', 'shop')
  const sessions = await Promise.all(Array.from({ length: SFTP }, (_, n) => openSftp(port, n)))
  const [idle, streams] = [hold('idle', IDLE), hold('streams', STREAMS)]
  expect([Number(await idle.lines()), Number(await streams.lines())], idle.output() + streams.output()).toEqual([
    IDLE,
    STREAMS,
  ])

  await reloadFirewall()
  for (const settings of ['agent.json', 'server.json'])
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) await restart(settings, signal)

  for (const { child } of [idle, streams]) child.stdin?.write('finish\n')
  expect([await idle.lines(), await streams.lines()]).toEqual([`${IDLE} `, `${STREAMS} `])
  for (const { child } of sessions) child.stdin?.write('ls public\n')
  for (const session of sessions)
    await until('the session goes on', async () => session.output().includes('public/echo.php'), 60_000)
  expect(sessions.filter(({ child }) => child.exitCode === null)).toHaveLength(SFTP)
  expect((await platform.json<{ pid: number }>('show', 'shop')).pid).toBe(pid)
})
