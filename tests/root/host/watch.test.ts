import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWatch, type Watch } from '../../../src/agent/host/launch-watch.js'
import { findStartTime, type ProcessMark } from '../../../src/agent/host/processes.js'
import { endProcess, succeed, until } from '../../helpers/programs.js'

const launch = resolve('dist/launch')
const children: ChildProcess[] = []
let watch: Watch

beforeEach(async () => {
  await succeed('make', ['-s', '-C', resolve('src/agent/launcher'), `OUT=${launch}`])
  watch = openWatch(launch)
})

afterEach(async () => {
  watch.close()
  await until('the observer has ended', async () => findObserver() === undefined)
  for (const child of children.splice(0)) await endProcess(child, 'SIGKILL', 1_000)
})

function startOne(): ProcessMark & { child: ChildProcess } {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' })
  children.push(child)
  const pid = child.pid ?? -1
  return { pid, startTime: findStartTime(pid) ?? -1, child }
}

/** Pid of the `launch watch` that this test process started. */
function findObserver(): number | undefined {
  const isOurs = (pid: string): boolean => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `${launch}\0watch\0` && Number(parent) === process.pid
    } catch {
      return false
    }
  }
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isOurs(name))
  return found === undefined ? undefined : Number(found)
}

/** Resolves with the time it took until the end was told. */
function told(mark: ProcessMark): Promise<number> {
  const began = performance.now()
  return new Promise((resolve) => watch.add(mark, () => resolve(performance.now() - began)))
}

describe('the watch', () => {
  it('tells the end of a process at once, and only of that one', async () => {
    const [one, other] = [startOne(), startOne()]
    let wrongly = false
    watch.add(other, () => {
      wrongly = true
    })
    const end = told(one)
    one.child.kill('SIGKILL')
    expect(await end).toBeLessThan(1_000)
    expect(wrongly).toBe(false)
  })

  it('tells at once when it is not that process any more', async () => {
    const one = startOne()
    expect(await told({ ...one, startTime: one.startTime - 1 })).toBeLessThan(1_000)
    expect(await told({ pid: 2 ** 22 - 1, startTime: 1 })).toBeLessThan(1_000)
  })

  it('says nothing of what was taken back', async () => {
    const [one, other] = [startOne(), startOne()]
    let wrongly = false
    watch.add(one, () => {
      wrongly = true
    })
    watch.remove(one)
    const end = told(other)
    one.child.kill('SIGKILL')
    other.child.kill('SIGKILL')
    await end
    expect(wrongly).toBe(false)
  })

  it('goes on when its observer is killed, also for ends that it missed', async () => {
    const [early, late] = [startOne(), startOne()]
    const ends = [told(early), told(late)]
    const first = await until('an observer runs', async () => findObserver())
    process.kill(first, 'SIGKILL')
    early.child.kill('SIGKILL')
    await ends[0]
    await until('another observer runs', async () => {
      const now = findObserver()
      return now !== undefined && now !== first
    })
    late.child.kill('SIGKILL')
    await ends[1]
  })

  it('looks for itself while there is no observer at all', async () => {
    watch.close()
    watch = openWatch('/no/such/launcher')
    const one = startOne()
    const end = told(one)
    one.child.kill('SIGKILL')
    expect(await end).toBeLessThan(5_000)
  })
})
