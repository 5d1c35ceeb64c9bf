import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findStartTime } from '../../../src/agent/host/processes.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { type Finished, finish, start, succeed, until } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }
const KEPT = 0x405fbn
const NAMESPACES = ['mnt', 'pid', 'net', 'uts', 'ipc', 'cgroup', 'user']

beforeAll(async () => {
  agent = await startAgent()
  const key = join(agent.root, 'key')
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const spec = specFor('cell', 60, 'nginx-php-mariadb', { diskBytes: 500 * 1024 ** 2 })
  const sftpKeys = [readFileSync(`${key}.pub`, 'utf8').trim()]
  await agent.engine.create({ ...spec, settings: { ...spec.settings, sftpKeys } }, context)
  await agent.engine.start('cell', context)
})
afterAll(() => agent?.close())

const sshOptions = () => [
  ...['-F', 'none', '-i', join(agent.root, 'key'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${agent.root}/known`, '-o', 'LogLevel=ERROR'],
]
const sftp = (batch: string): Promise<Finished> =>
  finish('ip', ['netns', 'exec', agent.space, 'sftp', '-b', '-', ...sshOptions(), 'site@10.1.1.60'], { input: batch })
const ssh = (...words: string[]): Promise<Finished> => agent.inside('ssh', ...sshOptions(), ...words)

/** As the site's root, which the site can become: its services run as root too. */
async function asRoot(script: string): Promise<Finished> {
  const pid = (await agent.engine.find('cell'))?.pid ?? 0
  const mark = ['--pid', String(pid), '--start', String(findStartTime(pid)), '--uid', '0', '--gid', '0']
  return agent.inside(agent.settings.launcher, 'enter', ...mark, '--', '/bin/sh', '-c', script)
}

const membersOf = (id: string): number[] =>
  readFileSync(`/sys/fs/cgroup/pids/${agent.settings.cgroup}/${id}/cgroup.procs`, 'utf8').trim().split('\n').map(Number)

interface Site {
  base: number
  /** Its first process, who sees all of its mounts. */
  init: number
  console: string
}

/** What is wrong with a process of the site, in words; undefined when it has ended meanwhile. */
function faultsOf(pid: number, { base, ...site }: Site): string[] | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
    if (field('State').startsWith('Z')) return undefined
    const ids = [...field('Uid').split('\t'), ...field('Gid').split('\t')].map(Number)
    const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => BigInt(`0x${field(name)}`))
    const shared = NAMESPACES.filter(
      (name) => readlinkSync(`/proc/${pid}/ns/${name}`) === readlinkSync(`/proc/self/ns/${name}`),
    )
    return [
      ...(field('Seccomp') === '2' ? [] : ['no filter']),
      ...(field('NoNewPrivs') === '1' ? [] : ['may gain power']),
      ...(ids.every((id) => id >= base && id < base + 65_536) ? [] : [`ids ${ids}`]),
      ...(sets.every((set) => (set & ~KEPT) === 0n) ? [] : ['too many capabilities']),
      ...shared.map((name) => `the host's ${name} namespace`),
      ...foreignFiles(pid, site),
    ]
  } catch (error) {
    if (existsSync(`/proc/${pid}/status`)) throw error
    return undefined
  }
}

/** Open files, working folder, root and program that are not of the site's own mounts. */
function foreignFiles(pid: number, { init, console }: Omit<Site, 'base'>): string[] {
  const rows = readFileSync(`/proc/${init}/mountinfo`, 'utf8').trim().split('\n')
  const mounts = rows.map((line) => line.split(' ')[0])
  const isOpenInside = (fd: string): boolean => {
    const name = readlinkSync(`/proc/${pid}/fd/${fd}`)
    if (/^(pipe|socket|anon_inode):/.test(name) || name === console) return true
    return mounts.includes(/^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1])
  }
  const isInside = (name: string): boolean => {
    const [link, place] = [`/proc/${pid}/${name}`, `/proc/${init}/root${readlinkSync(`/proc/${pid}/${name}`)}`]
    if (!existsSync(place)) return false
    return statSync(place).ino === statSync(link).ino && statSync(place).dev === statSync(link).dev
  }
  return [
    ...readdirSync(`/proc/${pid}/fd`)
      .filter((fd) => !isOpenInside(fd))
      .map((fd) => `fd ${fd}`),
    ...['cwd', 'root', 'exe'].filter((name) => !isInside(name)),
  ].map((name) => `${name} → ${readlinkSync(`/proc/${pid}/${name.replace(' ', '/')}`)}`)
}

test('ISO-7: every process in a site, whoever started it, is confined and has nothing of the host open', async () => {
  const { uidBase: base = 0, pid: init = 0 } = (await agent.engine.find('cell')) ?? {}
  const site = { base, init, console: join(agent.settings.runFolder, 'containers/cell.console') }
  const words = ['netns', 'exec', agent.space, 'sftp', ...sshOptions(), 'site@10.1.1.60']
  const session = start('ip', words)
  const hangUp = new AbortController()
  const streams = { onStdout: () => undefined, onStderr: () => undefined }
  const running = agent.engine.exec('cell', { argv: ['sleep', '987'], timeoutMs: 60_000 }, streams, {
    ...context,
    signal: hangUp.signal,
  })
  running.catch(() => undefined)
  const names = () =>
    membersOf('cell').map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')[0] ?? '')
  await until('all are there', async () => {
    const seen = names().join(' ')
    return ['s6-svscan', 'nginx', 'php-fpm', 'mariadbd', 'sshd', 'launch', 'sleep'].every((name) => seen.includes(name))
  })
  const seen = membersOf('cell').map((pid) => ({ pid, faults: faultsOf(pid, site) }))
  hangUp.abort()
  session.child.kill('SIGKILL')
  // The keeper of what entered is still the launcher: nobody inside may look at it, and its program is the host's.
  const isKeeper = (fault: string): boolean => fault === `exe → ${agent.settings.launcher}`
  expect(seen.flatMap(({ faults = [] }) => faults.filter((fault) => !isKeeper(fault)))).toEqual([])
  expect(seen.length).toBeGreaterThan(12)
})

describe('FIL-6: SFTP', () => {
  test('FIL-6: sees the home of the site alone, and nothing of what sshd believes', async () => {
    const { code, stdout, stderr } = await sftp('ls -la /\nls /home\n-ls /etc\n-get /run/ruche/ssh/site\n')
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/home/)
    expect(stdout).not.toMatch(/passwd|shadow|authorized/)
    expect(stderr).toMatch(/"\/etc" not found|No such file/)
  })

  test('FIL-6: gives no shell, no program, no terminal and no way on', async () => {
    expect((await ssh('site@10.1.1.60', 'id')).stdout).not.toContain('uid=')
    expect((await ssh('-tt', 'site@10.1.1.60', 'id')).stdout).not.toContain('uid=')
    const forward = await ssh('-W', '127.0.0.1:80', 'site@10.1.1.60')
    expect(forward.stderr).toMatch(/administratively prohibited|open failed|forwarding failed/i)
    const remote = await ssh('-N', '-o', 'ExitOnForwardFailure=yes', '-R', '9999:127.0.0.1:22', 'site@10.1.1.60')
    expect(remote.code).not.toBe(0)
  })

  test('FIL-6: runs and reads nothing that its user wrote: no rc file, no environment, no key of his own', async () => {
    const script = [
      'mkdir -p .ssh private/x',
      'printf "touch /home/site/ran\\n" >.ssh/rc; chmod 755 .ssh/rc; cp .ssh/rc .bashrc; cp .ssh/rc .profile; cp .ssh/rc .bash_profile',
      'printf "BASH_ENV=/home/site/.bashrc\\nLD_PRELOAD=/home/site/x.so\\n" >.ssh/environment',
      'mv .ssh/rc .ssh/rc2; mv .ssh/rc2 .ssh/rc',
    ].join('\n')
    expect((await execIn(agent, 'cell', ['sh', '-ec', script])).code).toBe(0)
    const other = join(agent.root, 'other')
    await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
    const planted = `put ${other}.pub .ssh/authorized_keys\n-put ${other}.pub /run/ruche/ssh/site\n-rename .ssh/authorized_keys /run/ruche/ssh/site\n-symlink /run/ruche/ssh/site .ssh/link\n-put ${other}.pub .ssh/link\n`
    expect((await sftp(planted)).code).toBe(0)
    const options = sshOptions().map((word) => (word === join(agent.root, 'key') ? other : word))
    const login = await agent.inside('sftp', '-b', '/dev/null', ...options, 'site@10.1.1.60')
    expect(login.stderr).toContain('Permission denied')
    expect((await sftp('ls\n')).code).toBe(0)
    expect((await execIn(agent, 'cell', ['ls', 'ran'])).code).not.toBe(0)
  })
})

test('ISO-13: hostile shell, loader, C library, init and account files of a site run confined, and are gone with the next start', async () => {
  const hostile = '#!/usr/bin/busybox-of-ours\\n'
  const said = await asRoot(
    `printf '#!/bin/bash\\ngrep -E "^(Seccomp|NoNewPrivs|CapBnd):" /proc/self/status\\n' >/usr/bin/setpriv
     printf 'root::0:0::/:/bin/bash\\n' >/etc/passwd; printf 'passwd: files evil\\n' >/etc/nsswitch.conf
     printf '${hostile}' >/usr/sbin/init; printf '/home/site/x.so\\n' >/etc/ld.so.preload; : >/usr/share/ruche/run/evil`,
  )
  expect(said.code, said.stderr).toBe(0)
  const seen = await execIn(agent, 'cell', ['true'])
  expect(seen.stdout).toBe('CapBnd:\t00000000000405fb\nNoNewPrivs:\t1\nSeccomp:\t2\n')
  // Now nothing dynamic runs at all: what the host starts inside says so, and the site can be stopped and started.
  await asRoot(
    'cp /bin/true /tmp/true; for f in /lib64/ld-linux-*.so.* /lib/x86_64-linux-gnu/libc.so.6; do printf x >"$f.n"; mv "$f.n" "$f"; done',
  )
  expect((await execIn(agent, 'cell', ['true'])).code).not.toBe(0)
  await expect(agent.engine.files('cell', 'ada').list('')).rejects.toMatchObject({
    code: expect.stringMatching(/host_failed|forbidden/),
  })
  await agent.engine.stop('cell', context)
  expect((await agent.engine.files('cell', 'ada').list('')).entries.length).toBeGreaterThan(0)
  await agent.engine.start('cell', context)
  expect((await agent.get('10.1.1.60')).status).toBe(200)
  expect((await execIn(agent, 'cell', ['id', '-u'])).stdout).toBe('1000\n')
})

test('ISO-14: links that the root of a site leaves where its next start writes lead nowhere outside it', async () => {
  const outside = join(agent.root, 'outside')
  await succeed('mkdir', ['-m', '0777', outside])
  const said = await asRoot(
    `for f in /var/log/nginx /var/log/php /var/log/system /var/lib/ruche/tmp /var/lib/ruche/sessions; do rm -rf $f; ln -s ${outside} $f; done
     rm -f /etc/ssh/site/*; ln -s ${outside}/key /etc/ssh/site/ssh_host_ed25519_key; ln -s ${outside}/new /etc/ssh/site/new
     rm -rf /home/site/private; ln -s ${outside} /home/site/private
     for f in /etc/resolv.conf /etc/hosts /tmp/x; do rm -rf $f; ln -s ${outside} $f; done; true`,
  )
  expect(said.code, said.stderr).toBe(0)
  await agent.engine.stop('cell', context)
  await agent.engine.start('cell', context)
  expect((await agent.get('10.1.1.60')).status).toBe(200)
  expect((await execIn(agent, 'cell', ['touch', 'private/x'])).code).not.toBe(0)
  // Whoever comes by SSH waits until the site has its keys.
  await execIn(agent, 'cell', ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3'])
  expect(readdirSync(outside)).toEqual([])
  expect((await agent.engine.files('cell', 'ada').list('')).entries.map(({ name }) => name)).toContain('private')
})

test('ISO-1, ISO-2: ranges are apart, and none is handed out again that a site has, or had', async () => {
  const bases = async () => (await agent.engine.list()).map(({ uidBase }) => uidBase)
  for (const n of [61, 62, 63]) await agent.engine.create(specFor(`range-${n}`, n), context)
  const before = await bases()
  await agent.engine.destroy('range-62', context)
  await agent.engine.create(specFor('range-64', 64), context)
  const { uidBase } = (await agent.engine.find('range-64')) ?? {}
  expect(before).not.toContain(uidBase)
  expect(new Set(await bases()).size).toBe(4)
  for (const base of await bases()) expect((base - 1_879_048_192) % 65_536).toBe(0)
  // A record that cannot be read keeps its range, also for the next agent.
  await agent.end('SIGTERM')
  const file = join(agent.settings.stateFolder, 'sites/range-61/spec.json')
  const record = readFileSync(file, 'utf8')
  await succeed('truncate', ['-s', '9', file])
  await agent.start()
  await agent.engine.create(specFor('range-65', 65), context)
  expect([...before, uidBase]).not.toContain((await agent.engine.find('range-65'))?.uidBase)
  await agent.end('SIGTERM')
  await finish('sh', ['-c', 'cat >"$0"', file], { input: record })
  await agent.start()
  expect(await agent.engine.find('range-61')).toMatchObject({ uidBase: before[1] })
})
