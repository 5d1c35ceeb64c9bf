import { expect, it } from 'vitest'
import { mergeSteps } from './merge-steps.js'

const step = (name: string, durationMs?: number) => ({
  name,
  startedAt: '2026-11-20T10:00:00.000Z',
  ...(durationMs !== undefined && { durationMs }),
})

it('joins steps that told in turns', () => {
  const shown = mergeSteps([
    step('gate', 1),
    step('firewall', 2),
    step('gate', 3),
    step('firewall', 4),
    step('ready', 5),
  ])
  expect(shown.map(({ name, durationMs }) => `${name} ${durationMs}`)).toEqual(['gate 4', 'firewall 6', 'ready 5'])
})

it('keeps a step running while its last part runs', () => {
  expect(mergeSteps([step('gate', 1), step('firewall', 2), step('gate')])[0]?.durationMs).toBeUndefined()
})

it('keeps steps of the same name apart when others lie between, each with its own key', () => {
  const shown = mergeSteps([step('network', 1), step('a', 1), step('b', 1), step('c', 1), step('network', 2)])
  expect(shown).toHaveLength(5)
  expect(new Set(shown.map(({ key }) => key)).size).toBe(5)
})
