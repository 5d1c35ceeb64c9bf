import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finish, until } from '../../helpers/programs.js'
import { launchProgram, openTestBed, type TestBed, type TestSite } from './test-site.js'

let bed: TestBed
let site: TestSite

beforeAll(async () => {
  bed = await openTestBed()
  site = await bed.startSite(await bed.makeImage('entered'))
})
afterAll(() => bed.close())

const markArgs = (): string[] => ['--pid', String(site.mark.pid), '--start', String(site.mark.startTime)]
const enterArgs = (...argv: string[]): string[] => ['enter', ...markArgs(), '--uid', '0', '--gid', '0', '--', ...argv]

describe('a command that enters', () => {
  it('ISO-7: as a user has no capabilities, and the filter', async () => {
    const status = await site.sh('cat /proc/self/status', 1000)
    expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m)
    expect(status).toMatch(/^Gid:\t1000\t1000\t1000\t1000$/m)
    expect(status).toMatch(/^Groups:\s*$/m)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(status).toMatch(new RegExp(`^${set}:\t0{16}$`, 'm'))
    }
    expect(status).toMatch(/^Seccomp:\t2$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    expect((await site.inside(['unshare', '-U', '/bin/true'], { uid: 1000 })).stderr).toContain('not permitted')
  })

  it('ISO-7: as root has the ten capabilities of the first process, and all its namespaces', async () => {
    const status = await site.sh('cat /proc/self/status')
    for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
      expect(status).toMatch(new RegExp(`^${set}:\t00000000000405fb$`, 'm'))
    const namespaces = await site.sh(
      'for n in mnt pid net uts ipc cgroup user; do readlink /proc/self/ns/$n; readlink /proc/1/ns/$n; done',
    )
    const lines = namespaces.split('\n')
    expect(lines.length).toBe(14)
    for (let i = 0; i < lines.length; i += 2) expect(lines[i]).toBe(lines[i + 1])
  })

  it('has its folder, its environment, and the limits of a site', async () => {
    expect(await site.sh('echo $HOME; pwd', 1000)).toBe('/home/site\n/')
    const { stdout } = await site.inside(['/bin/sh', '-c', 'pwd; env | sort; ulimit -n'], { cwd: '/var/log' })
    expect(stdout.trim().split('\n')).toEqual([
      '/var/log',
      'HOME=/root',
      'LANG=C.UTF-8',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'PWD=/var/log',
      'SHLVL=1',
      '4096',
    ])
  })

  it('ISO-7: has nothing open but what it was given', async () => {
    const leaked = openSync('/etc/shadow', 'r')
    const child = spawn(launchProgram, enterArgs('/bin/sh', '-c', 'ls /proc/$$/fd; :'), {
      stdio: ['ignore', 'pipe', 'inherit', leaked],
    })
    if (!child.stdout) throw new Error('no output')
    expect((await text(child.stdout)).trim().split('\n')).toEqual(['0', '1', '2'])
  })

  it('starts with no signal ignored or blocked, whatever its caller did', async () => {
    const words = enterArgs('/bin/grep', '-E', 'Sig(Ign|Blk)', '/proc/self/status')
    const { stdout } = await finish('/bin/sh', [
      '-c',
      'trap "" PIPE USR1 TERM; exec "$@"',
      'sh',
      launchProgram,
      ...words,
    ])
    expect(stdout).toBe('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n')
  })

  it('is in no group of its caller', async () => {
    const words = enterArgs('/bin/grep', 'Groups', '/proc/self/status')
    const { stdout } = await finish('setpriv', ['--groups', '4,24', launchProgram, ...words])
    expect(stdout.trim()).toBe('Groups:')
  })

  it('gives its input, output and exit code', async () => {
    expect(await finish(launchProgram, enterArgs('cat'), { input: 'there and back' })).toMatchObject({
      code: 0,
      stdout: 'there and back',
    })
    expect((await site.inside(['/bin/sh', '-c', 'exit 7'])).code).toBe(7)
    expect((await site.inside(['/bin/sh', '-c', 'kill -9 $$'])).code).toBe(137)
  })

  it('that is not there ends with 127, that cannot run with 126', async () => {
    expect(await site.inside(['nothing'])).toMatchObject({
      code: 127,
      stderr: 'launch: exec: nothing: No such file or directory\n',
    })
    expect((await site.inside(['/etc'])).code).toBe(126)
    expect(await site.inside(['pwd'], { cwd: '/missing' })).toMatchObject({
      code: 125,
      stderr: 'launch: exec: /missing: No such file or directory\n',
    })
  })

  it('enters folders as its user', async () => {
    expect((await site.inside(['pwd'], { cwd: '/run/ruche/settings', uid: 1000 })).stderr).toContain(
      'Permission denied',
    )
  })

  it('does not show the command line of the host while it comes in', async () => {
    const { stdout } = await site.inside(['/bin/sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "'])
    expect(stdout).not.toContain('--pid')
  })
})

describe('its end', () => {
  /** A command that says when it runs, and how to find it inside. */
  async function runSleep(script: string): Promise<{ child: ReturnType<typeof spawn>; alive(): Promise<boolean> }> {
    const child = spawn(launchProgram, enterArgs('/bin/sh', '-c', script), { stdio: ['ignore', 'pipe', 'inherit'] })
    if (!child.stdout) throw new Error('no output')
    await once(child.stdout, 'data')
    return { child, alive: async () => (await site.sh('ps -o args')).includes('sleep 987') }
  }

  it('comes with the end of the launcher', async () => {
    const { child, alive } = await runSleep('echo here; exec sleep 987')
    expect(await alive()).toBe(true)
    child.kill('SIGKILL')
    await until('the command is gone', async () => !(await alive()))
  })

  it('comes with the end of the launcher for all that it started, also in sessions of their own', async () => {
    const { child, alive } = await runSleep(
      'for i in 1 2 3; do setsid sh -c "sleep 987 & sleep 987" & done; (setsid sleep 987 &) ; sleep 0.1; echo here; exec sleep 987',
    )
    expect(await alive()).toBe(true)
    child.kill('SIGKILL')
    await until('all are gone', async () => !(await alive()))
  })

  it('does not come for what was left behind on purpose, when the command has ended', async () => {
    const { code, stdout } = await site.inside(['/bin/sh', '-c', 'setsid sleep 986 >/dev/null 2>&1 & echo $!; exit 3'])
    expect(code).toBe(3)
    expect(await site.sh('ps -o args')).toContain('sleep 986')
    await site.sh(`kill ${stdout}`)
  })

  it('comes with the end of whoever called the launcher', async () => {
    const words = JSON.stringify([
      launchProgram,
      ...enterArgs('/bin/sh', '-c', 'echo here; setsid sleep 985 & sleep 985'),
    ])
    const script = `const [program, ...args] = ${words}; require('child_process').spawn(program, args, { stdio: 'inherit', detached: true }); setInterval(() => 0, 1000)`
    const caller = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (!caller.stdout) throw new Error('no output')
    await once(caller.stdout, 'data')
    caller.kill('SIGKILL')
    await until('all are gone', async () => !(await site.sh('ps -o args')).includes('sleep 985'))
  })

  it('comes with a signal to the launcher, for all of its group', async () => {
    const { child, alive } = await runSleep('echo here; sleep 987 & wait')
    expect(await alive()).toBe(true)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(143)
    expect(await alive()).toBe(false)
  })

  it('may be put off by a command that has something to finish', async () => {
    const { child } = await runSleep('trap "exit 3" TERM; echo here; sleep 987 & wait')
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(3)
  })
})

const sleeps = async (seconds: string): Promise<boolean> =>
  (await site.sh('for p in /proc/[0-9]*/cmdline; do tr "\\0" " " <$p; echo; done 2>/dev/null'))
    .split('\n')
    .some((line) => line.startsWith(`sleep ${seconds}`))

describe('a terminal', () => {
  it('ISO-15: of the caller becomes that of the command, which cannot type into it', async () => {
    const words = ['stty rows 31 cols 101; exec', launchProgram, ...enterArgs('/bin/sh')]
    const terminal = spawn('script', ['-qec', words.join(' '), '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(terminal, 'exit')
    let screen = ''
    terminal.stdout.on('data', (data) => {
      screen += data
    })
    terminal.stdin.write('stty size; sleep 987\n')
    await until('the size', async () => screen.includes('31 101'))
    await until('it sleeps', () => sleeps('987'))
    terminal.stdin.write('\x03') // Ctrl-C reaches the sleep, not the shell
    terminal.stdin.write('probe arguments; echo still "here"; exit 5\n')
    await until('an answer', async () => screen.includes('still here'))
    expect(screen).toContain('ioctl TIOCSTI EPERM')
    expect(screen).not.toContain("can't access tty")
    expect((await ended)[0]).toBe(5)
  })
})

describe("a terminal of the site's own", () => {
  const open = (argv: string[], owner = 1000) => {
    const plan = { ...site.mark, cgroupProcs: [], uid: 0, gid: 0, argv, terminalOwner: owner }
    const terminal = bed.launcher.enterTerminal(plan)
    let screen = ''
    terminal.stdout.on('data', (data) => {
      screen += data
    })
    terminal.resize({ rows: 31, columns: 101 })
    return { ...terminal, screen: () => screen }
  }

  it('ISO-15: is led through pipes, sized from outside, and belongs to its user; Ctrl-C reaches the foreground', async () => {
    const terminal = open(['/bin/sh'])
    terminal.stdin.write('stty size; tty; stat -c "%u %g %a" $(tty); readlink /proc/self/fd/0\n')
    await until('its facts', async () => terminal.screen().includes('1000 5 620'))
    expect(terminal.screen()).toContain('31 101')
    expect(terminal.screen()).toMatch(/\/dev\/pts\/\d+\s/)
    expect(terminal.screen()).not.toContain("can't access tty")
    terminal.resize({ rows: 7, columns: 9 })
    terminal.stdin.write('stty size; sleep 987\n')
    await until('the new size', async () => terminal.screen().includes('\n7 9'))
    await until('it sleeps', () => sleeps('987'))
    terminal.stdin.write('\x03')
    terminal.stdin.write('probe arguments; echo still "here"; exit 5\n')
    await until('an answer', async () => terminal.screen().includes('still here'))
    expect(terminal.screen()).toContain('ioctl TIOCSTI EPERM')
    expect(await terminal.exited).toBe(5)
  })

  it('passes on all that a program says before it ends, and all that it is told', async () => {
    const terminal = open(['/bin/sh', '-c', 'stty raw -echo; echo ready; head -c 300000 | md5sum; seq 1 20000'])
    await until('it is ready', async () => terminal.screen().includes('ready'))
    terminal.stdin.write(Buffer.alloc(300_000, 'x'))
    expect(await terminal.exited).toBe(0)
    const sum = await site.sh("yes x | tr -d '\\n' | head -c 300000 | md5sum")
    expect(terminal.screen()).toContain(sum)
    expect(terminal.screen()).toContain('\n19999\n20000\n')
  })

  it('hangs up on the session when the one who leads it goes, and leaves nothing when it is killed', async () => {
    const count = async (text: string) =>
      (await site.sh('for p in /proc/[0-9]*/cmdline; do tr "\\0" " " <$p; done 2>/dev/null')).split(text).length - 1
    const gone = open(['/bin/sh', '-c', 'echo ready; exec sleep 988'])
    await until('it runs', async () => gone.screen().includes('ready'))
    gone.stdin.end()
    expect(await gone.exited).toBe(129)
    const killed = open(['/bin/sh', '-c', 'setsid sleep 989 & trap "" HUP; echo ready; sleep 989'])
    await until('it runs', async () => killed.screen().includes('ready') && (await count('sleep 989')) >= 2)
    killed.kill()
    await until('nothing is left', async () => (await count('sleep 989')) === 0)
  })

  it('says why when there is none', async () => {
    const hold = 'while (: <>/dev/ptmx) 2>/dev/null; do sleep 986 <>/dev/ptmx & done; echo full; sleep 986'
    const hoarder = open(['/bin/sh', '-c', hold])
    await until('all are taken', async () => hoarder.screen().includes('full'))
    const refused = open(['/bin/true'])
    const words = text(refused.stderr)
    expect([await refused.exited, await words]).toEqual([125, expect.stringContaining('launch: terminal')])
    hoarder.kill()
    await hoarder.exited
  })
})

describe('only a container can be entered', () => {
  const refusal = async (pid: number, start: number | bigint) => {
    const args = [
      'enter',
      '--pid',
      String(pid),
      '--start',
      String(start),
      '--uid',
      '0',
      '--gid',
      '0',
      '--',
      '/bin/true',
    ]
    return finish(launchProgram, args)
  }
  const startOf = (pid: number): number =>
    Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[19],
    )

  it('ISO-6: not a process of the host', async () => {
    expect(await refusal(process.pid, startOf(process.pid))).toMatchObject({
      code: 125,
      stderr: `launch: process: ${process.pid} is not the first process of a container\n`,
    })
  })

  it('not another process of a container', async () => {
    const other = readFileSync(`/proc/${site.mark.pid}/task/${site.mark.pid}/children`, 'latin1').trim().split(' ')[0]
    expect(await refusal(Number(other), startOf(Number(other)))).toMatchObject({ code: 125 })
  })

  it('not the first process of a namespace without ids of its own', async () => {
    const child = spawn('unshare', ['--pid', '--fork', '--kill-child', 'sleep', '100'], { stdio: 'ignore' })
    const path = `/proc/${child.pid}/task/${child.pid}/children`
    const inner = await until('the child', async () => Number(readFileSync(path, 'latin1').trim()) || undefined)
    expect((await refusal(inner, startOf(inner))).stderr).toContain('has no user namespace of its own')
    process.kill(inner, 'SIGKILL')
    await once(child, 'exit')
  })

  it('not a process that took the number of another', async () => {
    expect(await refusal(site.mark.pid, site.mark.startTime + 1)).toMatchObject({
      code: 125,
      stderr: "launch: enter: the container's first process is gone\n",
    })
  })

  it('ISO-13: and a site cannot run, read or change the launcher that enters it', async () => {
    const hostile = await bed.startSite(await bed.makeImage('hostile'))
    await hostile.sh('printf "#!/proc/self/exe\\n" > /bin/trap; chmod 755 /bin/trap')
    expect(await hostile.inside(['trap'])).toMatchObject({ code: 126, stdout: '' })
    await hostile.sh('printf "#!/bin/sh\\nexec sleep 987\\n" > /bin/wait; chmod 755 /bin/wait')
    const held = bed.launcher.enter({ ...hostile.mark, cgroupProcs: [], uid: 1000, gid: 1000, argv: ['wait'] })
    const look = 'for d in /proc/[0-9]*; do [ "$(cat $d/comm)" != launch ] || [ $d = /proc/$PPID ] || echo $d; done'
    const keeper = await until('the keeper', async () => (await hostile.sh(look)).split('\n')[0])
    for (const name of ['exe', 'cwd', 'root', 'fd', 'mem', 'maps', 'environ', 'io'])
      expect((await hostile.inside(['cat', `${keeper}/${name}`])).stderr, name).toMatch(/denied|not permitted/)
    held.kill()
    await held.exited
    await hostile.sh(
      'rm /bin/sh; printf "#!/bin/busybox ash\\ngrep Seccomp: /proc/self/status; id -u\\n" > /bin/sh; chmod 755 /bin/sh',
    )
    expect((await hostile.inside(['sh'], { uid: 1000 })).stdout).toBe('Seccomp:\t2\n1000\n')
  })
})
