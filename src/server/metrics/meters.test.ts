import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FINE_MS, measure, openMeters } from './meters.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-metrics-'))
})
afterEach(() => rm(folder, { recursive: true }))

const START = Date.parse('2026-11-26T00:00:00Z')
const at = (step: number) => new Date(START + step * FINE_MS)
const shop = (cpuNs: number) => [{ name: 'shop', uuid: 'u1', usage: { cpuNs, memoryBytes: 100, receivedBytes: cpuNs } }]
const request = { site: 'shop', host: '', address: '', method: 'GET', uri: '/', sentBytes: 1, agent: '' }

test('each step tells what was used in it, and what is not known is null', async () => {
  const meters = openMeters(folder)
  await meters.sample(shop(0), at(0))
  meters.countRequests([
    { ...request, at: 1, status: 200, seconds: 0.1 },
    { ...request, at: 1, status: 404, seconds: 0.3 },
    { ...request, at: 1, status: 0, seconds: 0.3 },
  ])
  await meters.sample(shop(15e9), at(1))
  const { stepSeconds, from, values } = await meters.read('u1', 'hour', at(3))
  expect([stepSeconds, from]).toEqual([30, new Date(START + 3 * FINE_MS - 3_600_000).toISOString()])
  expect(values.cpu?.slice(-3)).toEqual([null, 0.5, null])
  expect(values.memoryBytes?.slice(-3)).toEqual([100, 100, null])
  expect(values.requests2xx?.slice(-3)).toEqual([0, 1, null])
  expect([values.medianSeconds?.at(-2), values.slowSeconds?.at(-2)]).toEqual([0.3, 0.3])
  expect(values.pids?.at(-2)).toBe(null)
  expect(values.cpu).toHaveLength(120)
})

test('hours are made of their steps, also when nobody measured at their end, and survive a restart', async () => {
  const first = openMeters(folder)
  for (let step = 0; step <= 120; step += 30) await first.sample(shop(step * 1e9), at(step))
  const again = openMeters(folder)
  await again.sample(shop(0), at(400))
  const { values } = await again.read('u1', 'month', at(400))
  // 400 steps of 30 s are in the fourth hour; the second had one measure, the third none.
  expect(values.receivedBytes?.slice(-3)).toEqual([90e9, 30e9, null])
  expect(values.cpu?.at(-3)).toBeCloseTo(30 / 900)
})

test('a site that sleeps is noted once an hour, and when somebody asked for it', async () => {
  const meters = openMeters(folder)
  const asleep = [{ name: 'shop', uuid: 'u1', usage: { diskUsedBytes: 7 } }]
  for (const step of [0, 1, 2]) await meters.sample(asleep, at(step))
  meters.countRequests([{ ...request, at: 1, status: 503, seconds: 0.1 }])
  for (const step of [3, 4, 119, 120]) await meters.sample(asleep, at(step))
  const { values } = await meters.read('u1', 'day', at(121))
  const noted = (values.diskUsedBytes ?? []).slice(-121).flatMap((value, step) => (value === null ? [] : [step]))
  expect(noted).toEqual([0, 3, 120])
  expect(values.requests5xx?.at(-118)).toBe(1)
})

test('the oldest is written over, the file does not grow, and one that is broken is begun anew', async () => {
  const meters = openMeters(folder)
  for (const step of [0, 1560, 1561]) await meters.sample(shop(step), at(step))
  const { values } = await meters.read('u1', 'day', at(1562))
  expect(values.memoryBytes?.filter((value) => value !== null)).toEqual([100, 100])
  await truncate(join(folder, 'u1'), 100)
  expect((await meters.read('u1', 'day', at(1562))).values.memoryBytes?.every((value) => value === null)).toBe(true)
  await meters.keepOnly(new Set())
  expect(await readdir(folder)).toEqual([])
})

test('counters that begin again with their container count from there', () => {
  const last = { usage: { cpuNs: 9e9, sentBytes: 10 }, atMs: 0 }
  expect(measure(last, { cpuNs: 1e9 }, 2000)).toMatchObject({ cpu: 0.5, sentBytes: Number.NaN, pids: Number.NaN })
  expect(measure(last, undefined, 2000)).toEqual({})
})
