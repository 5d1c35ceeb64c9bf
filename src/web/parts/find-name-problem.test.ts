import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { RESERVED_LABELS, SiteName } from '../../model/names.js'
import { findNameProblem } from './find-name-problem.js'

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'z', '0', '-', 'A', '.', 'é'), maxLength: 45 }),
  fc.string(),
  fc.constantFrom(...RESERVED_LABELS),
)

it('finds a problem exactly where the model refuses the name', () => {
  void fc.assert(
    fc.property(text, (name) => (findNameProblem(name) === undefined) === SiteName.safeParse(name).success),
  )
})

it('names the problem', () => {
  expect(findNameProblem('my shop')).toBe('characters')
  expect(findNameProblem('1shop')).toBe('start')
  expect(findNameProblem('shop-')).toBe('hyphens')
  expect(findNameProblem('admin')).toBe('reserved')
  expect(findNameProblem('a')).toBe('short')
  expect(findNameProblem('a'.repeat(41))).toBeUndefined()
  expect(findNameProblem('a'.repeat(42))).toBe('long')
})
