import { expect, it } from 'vitest'
import { planVariables } from './plan-variables.js'

it('understands a look, values, a value on standard input, and what is to go', () => {
  expect(planVariables([])).toBeUndefined()
  expect(planVariables(['list'])).toBeUndefined()
  expect(planVariables(['set', 'A=1', 'MOTTO=a=b c', 'EMPTY='])).toEqual({
    change: { A: '1', MOTTO: 'a=b c', EMPTY: '' },
  })
  expect(planVariables(['set', 'API_KEY'])).toEqual({ change: {}, fromStdin: 'API_KEY' })
  expect(planVariables(['unset', 'A', 'B'])).toEqual({ change: { A: null, B: null } })
})

it('refuses what it does not understand, and never repeats a value', () => {
  for (const words of [['list', 'A'], ['set'], ['unset'], ['put', 'A=1']])
    expect(() => planVariables(words), words.join(' ')).toThrow('is not understood')
  expect(() => planVariables(['set', 'A=1', 'B'])).toThrow('B has no value')
  expect(() => planVariables(['set', 'A', 'B'])).toThrow('A has no value')
  expect(() => planVariables(['set', 'DATABASE_URL=hush'])).toThrow(
    /^DATABASE_URL: the platform gives this variable itself$/,
  )
  expect(() => planVariables(['set', 'lower=hush'])).toThrow(/^lower: use 1 to 64 capital letters(?!.*hush)/)
})
