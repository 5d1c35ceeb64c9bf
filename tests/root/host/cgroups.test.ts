import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cgroups, findUnifiedMount, findV1Mounts, openCgroups } from '../../../src/agent/host/cgroups.js'
import { openV2 } from '../../../src/agent/host/cgroups-v2.js'
import { DEFAULT_LIMITS, type Limits } from '../../../src/model/limits.js'
import { findLeaks } from '../../helpers/leak-oracle.js'
import { until } from '../../helpers/programs.js'

const MIB = 1024 ** 2
const name = `ruche-${randomBytes(4).toString('hex')}`
const LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMilli: 500, memoryBytes: 64 * MIB, pids: 64 }
let cgroups: Cgroups

beforeAll(async () => {
  cgroups = await openCgroups(name)
})

afterAll(async () => {
  for (const id of await cgroups.list()) {
    await cgroups.kill(id)
    await cgroups.remove(id)
  }
  await cgroups.close()
  expect(findLeaks({ folder: name, uidBases: [], cgroupWord: name })).toEqual([])
})

/** Runs a script in a group, the way the launcher joins: by writing 0 before anything else. */
function join(id: string, script: string, groups = cgroups): { child: ChildProcess; ended: Promise<number | null> } {
  const enter = 'for file do echo 0 >"$file" || exit 99; done; echo in;'
  const child = spawn('sh', ['-c', `${enter} ${script}`, 'sh', ...groups.procsFiles(id)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

async function joined(id: string, script: string, groups = cgroups) {
  const started = join(id, script, groups)
  await new Promise((resolve) => started.child.stdout?.once('data', resolve))
  return started
}

describe('a group', () => {
  it('is made once, holds who joins, and is removed when empty', async () => {
    await cgroups.ensure('empty', LIMITS)
    await cgroups.ensure('empty', LIMITS)
    expect(await cgroups.list()).toEqual(['empty'])
    const { child } = await joined('empty', 'exec sleep 100')
    expect(await cgroups.processes('empty')).toEqual([child.pid])
    expect((await cgroups.usage('empty')).pids).toBe(1)
    await cgroups.kill('empty')
    expect(await cgroups.processes('empty')).toEqual([])
    await cgroups.remove('empty')
    await cgroups.remove('empty')
    await cgroups.kill('empty')
    expect(await cgroups.list()).toEqual([])
    expect(await cgroups.usage('empty')).toEqual({})
  })

  it('gets the share of a core that it may have and not more, and another as soon as it is told so', async () => {
    await cgroups.ensure('busy', { ...LIMITS, cpuMilli: 200 })
    const loops = await Promise.all([joined('busy', 'while :; do :; done'), joined('busy', 'while :; do :; done')])
    const share = async (timeMs: number): Promise<number> => {
      const [before, began] = [(await cgroups.usage('busy')).cpuNs ?? 0, performance.now()]
      await new Promise((resolve) => setTimeout(resolve, timeMs))
      return ((await cgroups.usage('busy')).cpuNs ?? 0) / 1e6 / (performance.now() - began) - before / 1e6 / timeMs
    }
    // What others on the machine leave of it may be less.
    const fifth = await share(2_000)
    expect(fifth).toBeGreaterThan(0.05)
    expect(fifth).toBeLessThan(0.3)
    expect((await cgroups.usage('busy')).throttledNs).toBeGreaterThan(0)
    await cgroups.setLimits('busy', { ...LIMITS, cpuMilli: 400 })
    const more = await share(2_000)
    expect(more).toBeLessThan(0.5)
    expect(more).toBeGreaterThan(fifth * 1.2)
    await cgroups.kill('busy')
    for (const { ended } of loops) await ended
  })

  it('that takes too much memory loses one process, and the others live', async () => {
    await cgroups.ensure('greedy', LIMITS)
    const { child: innocent } = await joined('greedy', 'exec sleep 100')
    const { ended } = join('greedy', 'head -c 200M /dev/zero | tail; exit 0')
    await until('something was killed', async () => ((await cgroups.usage('greedy')).oomKills ?? 0) > 0)
    await ended
    expect(await cgroups.processes('greedy')).toEqual([innocent.pid])
    // More memory, and the same fits.
    await cgroups.setLimits('greedy', { ...LIMITS, memoryBytes: 512 * MIB })
    const kills = (await cgroups.usage('greedy')).oomKills
    const { ended: fits } = join('greedy', 'head -c 200M /dev/zero | tail >/dev/null')
    expect(await fits).toBe(0)
    expect((await cgroups.usage('greedy')).oomKills).toBe(kills)
    await cgroups.setLimits('greedy', LIMITS)
    await cgroups.kill('greedy')
  })

  it('keeps its limit when it cannot give back what the lower one asks for', async () => {
    await cgroups.ensure('full', { ...LIMITS, memoryBytes: 256 * MIB })
    // tail holds all that it read, and waits for more.
    await joined('full', '(head -c 150M /dev/zero; exec sleep 10000) | tail -c 140M')
    await until('it holds it', async () => ((await cgroups.usage('full')).memoryBytes ?? 0) > 130 * MIB)
    await expect(cgroups.setLimits('full', LIMITS)).rejects.toMatchObject({ code: 'conflict' })
    await cgroups.kill('full')
    await cgroups.setLimits('full', LIMITS)
  })

  it('that forks as fast as it can is bounded, and can be ended', async () => {
    await cgroups.ensure('bomb', LIMITS)
    const bomb = 'bomb() { while :; do sleep 0.01 & bomb & done; }; bomb'
    await joined('bomb', bomb)
    await until('it is full', async () => ((await cgroups.usage('bomb')).pids ?? 0) > 50)
    expect((await cgroups.usage('bomb')).pids).toBeLessThanOrEqual(LIMITS.pids)
    const began = performance.now()
    await cgroups.kill('bomb')
    expect(performance.now() - began).toBeLessThan(8_000)
    expect(await cgroups.processes('bomb')).toEqual([])
    await cgroups.remove('bomb')
  })

  it('is not taken away while something lives in it', async () => {
    await cgroups.ensure('lived', LIMITS)
    await joined('lived', 'exec sleep 100')
    await expect(cgroups.remove('lived')).rejects.toMatchObject({ code: 'busy' })
    await cgroups.kill('lived')
    await cgroups.remove('lived')
  })
})

// Where the controllers are in v1 hierarchies the unified one is there without any: what needs none of them can be tried all the same.
const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')
const unified = findV1Mounts(mountinfo) === undefined ? undefined : findUnifiedMount(mountinfo)

describe.runIf(unified !== undefined)('a group of the unified hierarchy', () => {
  it('is ended at once, bomb or not, and removed', async () => {
    const v2 = openV2(unified ?? '', name)
    for (const group of [name, `${name}/bomb`]) mkdirSync(`${unified}/${group}`)
    await cgroups.ensure('bomb', LIMITS)
    const both = { ...v2, procsFiles: (id: string) => [...v2.procsFiles(id), ...cgroups.procsFiles(id)] }
    await joined('bomb', 'bomb() { while :; do sleep 0.01 & bomb & done; }; bomb', both)
    await until('it is full', async () => ((await cgroups.usage('bomb')).pids ?? 0) > 50)
    expect((await v2.processes('bomb')).length).toBeGreaterThan(10)
    await v2.kill('bomb')
    expect(await v2.processes('bomb')).toEqual([])
    expect(await v2.list()).toEqual(['bomb'])
    await v2.remove('bomb')
    await v2.close()
    await cgroups.remove('bomb')
  })
})
