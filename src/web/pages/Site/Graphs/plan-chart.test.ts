import { expect, it } from 'vitest'
import type { SiteMetrics } from '../../../../model/metrics.js'
import { cutToLast, findLast, findTop, planPath } from './plan-chart.js'

const series = (...values: (number | null)[]) => [{ label: 'x', tone: 'series-1', values }]

it('shows the limit when something comes near it, and small values large', () => {
  expect(findTop(series(30, null), 100)).toBeCloseTo(105)
  expect(findTop(series(1), 100)).toBeCloseTo(1.15)
  expect(findTop(series(200), 100)).toBeCloseTo(210)
  expect(findTop(series(null), undefined)).toBe(1)
  expect(findTop(series(1), 100, true)).toBeCloseTo(105)
})

it('leaves a gap where nothing is known', () => {
  expect(planPath([0, 5, null, 10, null], 10)).toBe('M0.0 100.0h.5L100.0 50.0M300.0 0.0h.5')
  expect(findLast([1, 2, null])).toBe(2)
  expect(findLast([null])).toBeUndefined()
})

it('keeps the end, and says when that begins', () => {
  const values = { cpu: [1, 2, null, 4], pids: [5, 6, 7, 8] } as unknown as SiteMetrics['values']
  const metrics = { stepSeconds: 30, from: '2026-11-20T10:00:00.000Z', values }
  expect(cutToLast(metrics, 60)).toEqual({
    stepSeconds: 30,
    from: '2026-11-20T10:01:00.000Z',
    values: { cpu: [null, 4], pids: [7, 8] },
  })
  expect(cutToLast(metrics, 3600)).toEqual(metrics)
})
