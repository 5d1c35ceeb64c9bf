import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/model/errors.js'
import { expectNoLeaks, findLeaks } from '../../helpers/leak-oracle.js'
import { finish, until } from '../../helpers/programs.js'
import { launchProgram, openTestBed, type TestBed, type TestSite } from './test-site.js'

let bed: TestBed
let site: TestSite

beforeAll(async () => {
  bed = await openTestBed()
  site = await bed.startSite(await bed.makeImage('first'), {
    settings: { site_name: 'hello', binary: Buffer.from([0, 255, 10, 0]), empty: '' },
  })
})
afterAll(() => bed.close())

const statusOf = (pid: number | 'self'): Map<string, string> =>
  new Map(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => [line.split(':')[0] ?? '', line.replace(/^[^:]*:\s*/, '')]),
  )

describe('the first process', () => {
  it('ISO-1: has its own range of 65,536 ids, seen from outside and inside', async () => {
    const expected = ['0', String(site.plan.uidBase), '65536']
    for (const file of ['uid_map', 'gid_map']) {
      expect(readFileSync(`/proc/${site.mark.pid}/${file}`, 'utf8').trim().split(/\s+/)).toEqual(expected)
      expect((await site.sh(`cat /proc/self/${file}`)).split(/\s+/)).toEqual(expected)
    }
  })

  it('ISO-7: has a filter, no_new_privs, ten capabilities and no more to come', () => {
    const status = statusOf(site.mark.pid)
    expect(status.get('Seccomp')).toBe('2')
    expect(status.get('NoNewPrivs')).toBe('1')
    for (const set of ['CapBnd', 'CapPrm', 'CapEff']) expect(status.get(set)).toBe('00000000000405fb')
    for (const set of ['CapInh', 'CapAmb']) expect(status.get(set)).toBe('0000000000000000')
    expect(status.get('Uid')?.split('\t')).toEqual(Array(4).fill(String(site.plan.uidBase)))
    expect(status.get('Groups')?.trim()).toBe('')
    expect(status.get('NSpid')).toMatch(/\t1$/)
  })

  it('ISO-4: shares no namespace with the host', () => {
    for (const kind of ['mnt', 'pid', 'net', 'uts', 'ipc', 'cgroup', 'user']) {
      const of = (pid: number | 'self'): string => readlinkSync(`/proc/${pid}/ns/${kind}`)
      expect(of(site.mark.pid), kind).not.toBe(of('self'))
    }
  })

  it('ISO-7: has nothing of the host open but its console, and a clean environment', async () => {
    expect((await site.sh('ls /proc/1/fd')).split('\n').sort()).toEqual(['0', '1', '10', '2']) // 10: the script that its shell reads
    expect(await site.sh('readlink /proc/1/fd/0; readlink /proc/1/fd/10')).toBe('/dev/null\n/sbin/init')
    const environment = (await site.sh('tr "\\0" "\\n" < /proc/1/environ')).split('\n').sort()
    expect(environment).toEqual([
      'HOME=/root',
      'LANG=C.UTF-8',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'container=ruche',
    ])
  })

  it('has the limits of a site', async () => {
    const limits = await site.sh('cat /proc/1/limits')
    expect(limits).toMatch(/Max open files +4096 +8192/)
    expect(limits).toMatch(/Max core file size +0 +0/)
    expect(limits).toMatch(/Max pending signals +4096 +4096/)
  })

  it('cannot be killed from inside', async () => {
    await site.sh('kill -9 1; kill -STOP 1')
    expect(statusOf(site.mark.pid).get('State')).toMatch(/^S/)
  })
})

describe('the root', () => {
  it('is made of mounts that give no way to the host', async () => {
    const mounts = (await site.sh('cat /proc/self/mountinfo')).split('\n').map((line) => {
      const [, , , , at = '', options = ''] = line.split(' ')
      return { at, options: options.split(','), type: line.split(' - ')[1]?.split(' ')[0] }
    })
    const mount = (at: string) => mounts.find((mount) => mount.at === at)
    for (const { at, options } of mounts) expect(options, at).toContain('nosuid')
    // Devices open only where the kernel's own nodes are.
    const withDevices = mounts.filter(({ options, at }) => !options.includes('nodev') && !at.startsWith('/proc/'))
    expect(withDevices.map(({ at }) => at)).toEqual(['/dev', '/dev/pts'])
    expect(mount('/')?.type).toBe('overlay')
    expect(mount('/home/site')?.options).toContain('idmapped')
    for (const at of ['/sys', '/proc/sys', '/proc/bus', '/proc/irq']) expect(mount(at)?.options).toContain('ro')
    expect(await site.sh('cat /proc/self/mountinfo')).not.toContain(bed.folder)
  })

  it('is writable, over a template that stays as it is', async () => {
    await site.sh('echo changed > /bin/fresh && rm /bin/false && chmod 700 /etc')
    expect(() => statSync(join(bed.folder, 'template/bin/fresh'))).toThrow('ENOENT')
    expect(statSync(join(bed.folder, 'template/bin/busybox')).uid).toBe(0)
    expect(statSync(join(bed.folder, 'template/etc')).mode & 0o777).toBe(0o755)
  })

  it('AGT-10: holds the settings for its root alone', async () => {
    expect(await site.sh('cat /run/ruche/settings/site_name')).toBe('hello')
    expect(await site.sh('od -An -tx1 /run/ruche/settings/binary')).toBe('00 ff 0a 00')
    expect(await site.sh('stat -c "%a %u %g %s" /run/ruche/settings/empty /run/ruche/settings')).toMatch(
      /^600 0 0 0\n700 0 0 /,
    )
    expect((await site.inside(['cat', '/run/ruche/settings/site_name'], { uid: 1000 })).stderr).toContain('denied')
  })

  it('has a name, a loopback and ports open to every user', async () => {
    expect(await site.sh('hostname')).toBe('hello')
    expect(await site.sh('ip -o addr show lo | awk "{print \\$4}"')).toBe('127.0.0.1/8\n::1/128')
    expect(await site.sh('cd /proc/sys/net; cat ipv4/ip_unprivileged_port_start ipv6/conf/default/accept_ra')).toBe(
      '0\n0',
    )
    expect(await site.sh('probe sockets | grep ping', 1000)).toBe('ping ok\nping6 ok')
  })

  it('knows terminals', async () => {
    expect(await site.sh('probe terminal', 1000)).toBe('/dev/pts/0 1000 5 620')
  })
})

describe('cgroups', () => {
  it('hold the site and whoever enters it, who see them as the root', async () => {
    // The hierarchy with the pids controller: a v1 one of its own, or the unified one.
    const isV1 = existsSync('/sys/fs/cgroup/pids')
    const group = `/sys/fs/cgroup/${isV1 ? 'pids/' : ''}ruche-launcher-test-${process.pid}`
    mkdirSync(group)
    const image = await bed.makeImage('grouped')
    const grouped = await bed.startSite(image, { cgroupProcs: [`${group}/cgroup.procs`] })
    try {
      expect(readFileSync(`${group}/cgroup.procs`, 'utf8').trim().split('\n')).toContain(String(grouped.mark.pid))
      expect(await grouped.sh('cat /proc/self/cgroup')).toMatch(isV1 ? /:pids:\/$/m : /^0::\/$/m)
      // Full of processes, it can still be entered: that is how an operator gets in.
      await writeFile(`${group}/pids.max`, '1')
      expect((await grouped.inside(['/bin/true'])).code).toBe(0)
      expect((await grouped.inside(['/bin/sh', '-c', '/bin/true; :'])).stderr).toContain("can't fork")
    } finally {
      await grouped.end()
      await until('the cgroup is empty', async () => readFileSync(`${group}/cgroup.procs`, 'utf8') === '')
      rmdirSync(group)
    }
  })
})

describe('a start that comes to nothing', () => {
  it('leaves nothing when the gate is closed', async () => {
    const plan = bed.plan(await bed.makeImage('gated'))
    const started = await bed.launcher.startContainer(plan)
    const scope = { folder: join(bed.folder, 'gated'), uidBases: [plan.uidBase] }
    expect(findLeaks(scope).length).toBeGreaterThan(0)
    await started.giveUp()
    await expectNoLeaks(scope)
    expect(await bed.console()).toContain('launch: gate: closed before the network was there')
  })

  it('leaves nothing when the launcher is killed at the gate', async () => {
    const plan = bed.plan(await bed.makeImage('killed'))
    const args = ['start', '--hostname', 'x', '--template', plan.templateTree, '--image', plan.image]
    const child = spawn(launchProgram, [...args, '--base', String(plan.uidBase), '--', '/sbin/init'], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
    })
    await new Promise((resolve) => child.stdio[3]?.once('data', resolve))
    const scope = { folder: plan.image, uidBases: [plan.uidBase] }
    expect(findLeaks(scope).length).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await until('all is gone', async () => findLeaks(scope).length === 0)
  })

  it('says why the init could not run, and vanishes', async () => {
    const plan = bed.plan(await bed.makeImage('no-init'), { argv: ['/sbin/nothing'] })
    const started = await bed.launcher.startContainer(plan)
    await expect(started.openGate()).rejects.toThrow(AppError)
    await expectNoLeaks({ folder: plan.image, uidBases: [plan.uidBase] })
    expect(await bed.console()).toContain('launch: exec: /sbin/nothing: No such file or directory')
  })

  it.each([
    ['no image', ['--image', '/nowhere/image'], 125, 'launch: image: /nowhere/image: No such file'],
    ['no template', ['--template', '/nowhere'], 125, 'launch: template: /nowhere: No such file'],
    ['a folder as the image', ['--image', '/tmp'], 125, 'launch: image: /tmp'],
    ['no cgroup', ['--cgroup', '/nowhere/cgroup.procs'], 125, 'launch: cgroup: /nowhere/cgroup.procs: No such file'],
    ['a bad base', ['--base', '1000'], 124, 'launch: arguments: --base wants'],
    ['a base between two', ['--base', '1879048193'], 124, 'launch: arguments: --base wants'],
    ['a folder with dots', ['--data', '..:/home/site'], 124, "launch: arguments: --data wants a folder's name"],
    ['a folder with a slash', ['--data', 'a/b:/home/site'], 124, "launch: arguments: --data wants a folder's name"],
    ['a target that is missing', ['--data', 'home:/missing'], 125, 'launch: root: /missing: No such file'],
    ['an unknown option', ['--privileged', 'yes'], 124, 'launch: arguments: this verb takes no --privileged'],
    ['an option of another verb', ['--uid', '0'], 124, 'launch: arguments: this verb takes no --uid'],
  ])('with %s says so', async (_name, wrong, code, message) => {
    const image = await bed.makeImage('refused')
    const right: Record<string, string> = {
      '--hostname': 'x',
      '--template': join(bed.folder, 'template'),
      '--image': image,
      '--base': String(bed.newBase()),
    }
    const options = Object.entries(right).filter(([name]) => name !== wrong[0])
    const args = ['start', ...options.flat(), ...wrong, '--', '/sbin/init']
    const answer = await startWithPipes(args)
    expect(answer.stderr).toContain(message)
    expect(answer.code).toBe(code)
    expect(answer.status).toBe('')
    await expectNoLeaks({ folder: image, uidBases: [] })
  })

  it.each([
    ['cut short', 'name\u00005\u0000abc'],
    ['without a length', 'name'],
    ['with a bad name', '../x\u00000\u0000'],
    ['with a bad length', 'name\u0000-1\u0000'],
    ['too large', `name\u0000${2 ** 20}\u0000${'x'.repeat(2 ** 20)}`],
  ])('refuses settings that are %s', async (_name, input) => {
    const args = ['start', '--hostname', 'x', '--template', '/nowhere', '--image', '/nowhere', '--base', '1879048192']
    const answer = await startWithPipes([...args, '--', '/sbin/init'], input)
    expect([answer.code, answer.stderr]).toEqual([124, expect.stringContaining('launch: arguments: ')])
  })

  it('refuses a verb that does not exist', async () => {
    const { code, stderr } = await finish(launchProgram, ['stop'])
    expect([code, stderr]).toEqual([124, expect.stringContaining('launch: arguments: the first word must be')])
  })
})

/** `launch start` with descriptors 3 and 4, its gate closed at once. */
async function startWithPipes(args: string[], input = ''): Promise<{ code: number; stderr: string; status: string }> {
  const child = spawn(launchProgram, args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] })
  const said = { 2: '', 3: '' }
  for (const fd of [2, 3] as const) {
    child.stdio[fd]?.on('data', (chunk) => {
      said[fd] += chunk
    })
  }
  for (const stream of child.stdio) stream?.on('error', () => undefined)
  child.stdin?.end(input)
  child.stdio[4]?.destroy()
  const code = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  return { code, stderr: said[2], status: said[3] }
}
