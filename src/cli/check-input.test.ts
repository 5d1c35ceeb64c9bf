import { expect, test } from 'vitest'
import { checkNewName, parseLimits } from './check-input.js'

test('limits come out in the units of the model', () => {
  expect(parseLimits({ cpu: '0.5', memory: '256M', disk: '1G', pids: '64' })).toEqual({
    cpuMilli: 500,
    memoryBytes: 256 * 1024 ** 2,
    diskBytes: 1024 ** 3,
    pids: 64,
  })
  expect(parseLimits({})).toEqual({})
})

test.each([
  [{ memory: '1T' }, 'memory: at most 64G'],
  [{ memory: 'much' }, 'memory: write a size such as 256M or 1G'],
  [{ memory: '1K' }, 'memory: at least 32M'],
  [{ cpu: '-1' }, 'cpu: write a number of cores such as 0.5 or 2'],
  [{ cpu: '0.01' }, 'cpu: at least 0.05 of a core'],
  [{ cpu: '1e3' }, 'cpu: write a number of cores such as 0.5 or 2'],
  [{ disk: '2T' }, 'disk: at most 1T'],
  [{ pids: '1.5' }, 'pids: write a whole number'],
])('%j is refused and named', (options, message) => {
  expect(() => parseLimits(options)).toThrow(expect.objectContaining({ code: 'invalid', message }))
})

test('a bad name is refused before anything is sent', () => {
  expect(checkNewName('shop-2')).toBe('shop-2')
  for (const name of ['a;b', 'A', '-x', 'x-', 'a--b', '', 'www', 'é', 'a'.repeat(42)])
    expect(() => checkNewName(name)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/^name: /) }),
    )
})
