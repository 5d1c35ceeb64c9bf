import { expect, it } from 'vitest'
import { aSite } from '../test-data.js'
import { type CpuSample, nextSample } from './cpu-rates.js'

const site = (cpuNs: number | undefined, change = {}) =>
  aSite({ usage: cpuNs === undefined ? {} : { cpuNs }, ...change })

function milliAfter(...readings: [atMs: number, ReturnType<typeof site>][]): number | undefined {
  let sample: CpuSample | undefined
  for (const [atMs, reading] of readings) sample = nextSample(sample, reading, atMs)
  return sample?.milli
}

it('knows no rate from one reading', () => {
  expect(milliAfter([0, site(5e9)])).toBeUndefined()
})

it('gives thousandths of a core from two', () => {
  expect(milliAfter([0, site(5e9)], [4000, site(7e9)])).toBe(500)
})

it('waits for readings far enough apart', () => {
  expect(milliAfter([0, site(0)], [2000, site(2e9)], [2100, site(2.1e9)])).toBe(1000)
})

it('takes an unchanged counter for idleness only after a while', () => {
  expect(milliAfter([0, site(0)], [4000, site(4e9)], [8000, site(4e9)])).toBe(1000)
  expect(milliAfter([0, site(0)], [4000, site(4e9)], [8000, site(4e9)], [16_000, site(4e9)])).toBe(0)
})

it('begins anew after a restart, and forgets what has no reading', () => {
  expect(milliAfter([0, site(5e9)], [4000, site(1e9)])).toBeUndefined()
  expect(milliAfter([0, site(1e9)], [4000, site(5e9, { startedAt: '2026-11-20T11:00:00.000Z' })])).toBeUndefined()
  expect(milliAfter([0, site(1e9)], [4000, site(undefined)])).toBeUndefined()
})
