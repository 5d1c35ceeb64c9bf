import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findStartTime, isAlive, type ProcessMark } from '../../../src/agent/host/processes.js'
import { finish, until } from '../../helpers/programs.js'
import { launchProgram, openTestBed, type TestBed, type TestSite } from './test-site.js'

let bed: TestBed
let site: TestSite

beforeAll(async () => {
  bed = await openTestBed()
  site = await bed.startSite(await bed.makeImage('asked'))
})
afterAll(() => bed.close())

const markArgs = (mark: ProcessMark): string[] => ['--pid', String(mark.pid), '--start', String(mark.startTime)]

const later = (mark: ProcessMark): ProcessMark => ({ ...mark, startTime: mark.startTime + 1 })

describe('ready', () => {
  const ready = (mark: ProcessMark, timeoutMs: number, ...probes: string[]) =>
    finish(launchProgram, ['ready', ...markArgs(mark), '--timeout-ms', String(timeoutMs), ...probes])

  it('says which probes did not answer', async () => {
    expect(await ready(site.mark, 50, 'tcp:81', 'unix:/run/none')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'launch: ready: no answer from tcp:81 unix:/run/none\n',
    })
  })

  it('waits until all have answered', async () => {
    const waiting = ready(site.mark, 20_000, 'tcp:80', 'unix:/run/some')
    await site.sh('nc -l -p 80 >/dev/null 2>&1 &')
    expect(await Promise.race([waiting, site.sh('sleep 0.2; echo not yet')])).toBe('not yet')
    await site.sh('probe listen /run/some >/dev/null 2>&1 &')
    expect((await waiting).code).toBe(0)
  })

  it('waits until PostgreSQL says that it takes sessions, whatever a killed one has left', async () => {
    const says = (status: string) =>
      `printf '7\n/data\n1\n5432\n/run\nlocalhost\n1 2\n${status}\n' >/run/postmaster.pid`
    const notYet = () => site.sh('sleep 0.2; echo not yet')
    await site.sh(says('ready   '))
    const waiting = ready(site.mark, 20_000, 'unix:/run/sessions', 'postmaster:/run/postmaster.pid')
    expect(await Promise.race([waiting, notYet()])).toBe('not yet')
    await site.sh(`${says('starting')}; probe listen /run/sessions >/dev/null 2>&1 &`)
    expect(await Promise.race([waiting, notYet()])).toBe('not yet')
    await site.sh(says('ready   '))
    expect((await waiting).code).toBe(0)
  })

  it('asks inside, not on the host', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    expect((await ready(site.mark, 20, `tcp:${port}`)).code).toBe(1)
    server.close()
  })

  it('notices that the container has ended', async () => {
    const short = await bed.startSite(await bed.makeImage('short'))
    const waiting = ready(short.mark, 60_000, 'tcp:80')
    await until('it waits inside', async () => (await short.sh('ps')).includes('launch'))
    await short.end()
    expect((await waiting).code).toBe(2)
    expect((await ready(short.mark, 60_000, 'tcp:80')).code).toBe(2)
    expect((await ready(later(site.mark), 60_000, 'tcp:80')).code).toBe(2)
  })

  it.each(['tcp:0', 'tcp:65536', 'tcp:x', 'tcp:', 'unix:run', 'postmaster:run', 'http:80', `unix:/${'x'.repeat(200)}`])(
    'refuses the probe %s',
    async (probe) => {
      expect((await ready(site.mark, 10, probe)).code).toBe(124)
    },
  )
})

describe('signal', () => {
  const signal = (mark: ProcessMark, number: string) => finish(launchProgram, ['signal', ...markArgs(mark), number])

  it('reaches the first process', async () => {
    const stopped = await bed.startSite(await bed.makeImage('stopped'))
    await until('its trap is set', async () => (await stopped.sh('ps')).includes('sleep'))
    expect((await signal(stopped.mark, '15')).code).toBe(0)
    await until('it ends', async () => !isAlive(stopped.mark))
    expect((await signal(stopped.mark, '15')).code).toBe(3)
  })

  it('does not reach a process that took the number of another', async () => {
    const bystander = spawn('sleep', ['100'], { stdio: 'ignore' })
    const ended = once(bystander, 'exit')
    const pid = bystander.pid ?? 0
    const startTime = findStartTime(pid) ?? 0
    expect((await signal({ pid, startTime: startTime - 1 }, '9')).code).toBe(3)
    expect(isAlive({ pid, startTime })).toBe(true)
    expect((await signal({ pid, startTime }, '9')).code).toBe(0)
    await ended
  })

  it.each([['65'], ['-9'], ['KILL'], ['']])('refuses the number "%s"', async (number) => {
    expect((await signal(site.mark, number)).code).toBe(124)
  })
})

describe('watch', () => {
  it('tells of each end once, of past ones at once, and ends with its input', async () => {
    const watch = spawn(launchProgram, ['watch'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines: string[] = []
    createInterface({ input: watch.stdout }).on('line', (line) => lines.push(line))
    const ended = once(watch, 'exit')
    const watched = await bed.startSite(await bed.makeImage('watched'))
    const say = (mark: ProcessMark): string => `${mark.pid} ${mark.startTime}`

    watch.stdin.write(`${say(watched.mark)}\n${say(later(site.mark))}\n${say(site.mark).slice(0, 3)}`)
    await until('the past one', async () => lines.includes(`gone ${say(later(site.mark))}`))
    watch.stdin.write(`${say(site.mark).slice(3)}\n`)
    await watched.end()
    await until('the end', async () => lines.length === 2)
    expect(lines[1]).toBe(`gone ${say(watched.mark)}`)
    watch.stdin.end()
    expect((await ended)[0]).toBe(0)
    expect(lines.length).toBe(2)
  })

  it('watches more processes than its first limit of files', async () => {
    const args = ['-c', 'ulimit -Sn 64; exec "$@"', 'sh', launchProgram, 'watch']
    const input = `${site.mark.pid} ${site.mark.startTime}\n`.repeat(200)
    expect(await finish('/bin/sh', args, { input })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it.each(['x 1\n', '1\n', '1 x\n', '0 1\n', `${'1'.repeat(5000)}`])('refuses the line %j', async (input) => {
    expect((await finish(launchProgram, ['watch'], { input })).code).toBe(124)
  })
})
