import { expect, it } from 'vitest'
import { DEFAULT_LIMITS, DEFAULT_QUOTA } from '../../model/limits.js'
import { findRoom, toLimitForm, toLimits } from './limit-form.js'

it('goes to the form and back without change', () => {
  const { pids, ...limits } = { ...DEFAULT_LIMITS, cpuMilli: 250, diskBytes: 300 * 1024 ** 2 }
  expect(pids).toBeGreaterThan(0)
  expect(toLimits(toLimitForm(limits))).toEqual(limits)
})

it('takes a comma as decimal sign, and nothing for a number', () => {
  expect(toLimits({ cores: '0,5', memoryMb: '256', diskGb: '1,5' })).toEqual({
    cpuMilli: 500,
    memoryBytes: 256 * 1024 ** 2,
    diskBytes: 1536 * 1024 ** 2,
  })
  expect(toLimits({ cores: '', memoryMb: 'lots', diskGb: '1' }).cpuMilli).toBeNaN()
  expect(toLimits({ cores: '1', memoryMb: 'lots', diskGb: '1' }).memoryBytes).toBeNaN()
})

it('leaves what the quota leaves, with what the site has already', () => {
  const used = { sites: 3, cpuMilli: 3000, memoryBytes: 768 * 1024 ** 2, diskBytes: 9 * 1024 ** 3 }
  expect(findRoom(DEFAULT_QUOTA, used)).toEqual({ cpuMilli: 0, memoryBytes: 256 * 1024 ** 2, diskBytes: 0 })
  expect(findRoom(DEFAULT_QUOTA, used, DEFAULT_LIMITS).cpuMilli).toBe(1000)
})
