import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { specFor, startAgent, statusField, type TestAgent } from '../helpers/agent.js'
import { PATIENCE } from '../helpers/programs.js'
import { shareOut } from './crash/matrix.js'

const MIB = 1024 ** 2
const context = { actor: 'test' }
const LANES = [10, 11, 12, 13]
/** Until here the engine of JavaScript still takes what it keeps for good. */
const WARM_UP = 100
const CYCLES = 500
/** One life in so many also runs. */
const STARTED = 5

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())

async function live(address: number, cycle: number): Promise<void> {
  const id = `brief-${address}`
  await agent.engine.create(specFor(id, address), context)
  if (cycle % STARTED === 0) await agent.engine.start(id, context)
  await agent.engine.destroy(id, context)
}

const cycles = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** What the agent holds when it has nothing to do. */
async function look() {
  const pid = agent.pid()
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: Number(await statusField(pid, 'Threads')),
    memoryBytes: Number.parseInt(await statusField(pid, 'VmRSS'), 10) * 1024,
    elements: (await agent.inside('nft', 'list', 'ruleset')).stdout.length,
    links: (await agent.inside('ip', '-o', 'link')).stdout.split('\n').length,
  }
}

test(`RES-10: after ${CYCLES} sites that were made and destroyed the agent holds what it held after ${WARM_UP}`, {
  timeout: 300_000 * PATIENCE,
}, async () => {
  await shareOut(LANES, cycles(0, WARM_UP), live)
  const before = await look()
  await shareOut(LANES, cycles(WARM_UP, CYCLES), live)
  const after = await look()
  console.table([
    { cycles: WARM_UP, ...before },
    { cycles: CYCLES, ...after },
  ])
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2)
  expect(after.threads).toBe(before.threads)
  expect([after.elements, after.links]).toEqual([before.elements, before.links])
  expect(after.memoryBytes - before.memoryBytes).toBeLessThan(24 * MIB)
  expect(await agent.engine.list()).toEqual([])
})
