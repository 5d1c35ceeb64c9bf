import { expect, test } from 'vitest'
import { AppError } from '../../model/errors.js'
import { describeFailure, keepLastLines } from './build-failure.js'

const failed = new AppError('host_failed', 'apt-get failed (exit code 100)')

test('the first error of a tool is the reason, not what follows from it', () => {
  const lines = [
    'Reading package lists...',
    'E: Unable to locate package xyz',
    'E: setup failed',
    'E: mmdebstrap failed to run',
  ]
  const error = describeFailure('The template a-b-c', failed, lines)
  expect(error.code).toBe('host_failed')
  expect(error.message).toBe('The template a-b-c could not be built: Unable to locate package xyz')
  expect(String(error.cause)).toContain('mmdebstrap failed')
})

test('the recipe at fault is named: by its package, or by its script that ran', () => {
  const recipe = (kind: 'base' | 'language', name: string, packages: string[]) => ({ kind, name, recipe: { packages } })
  const recipes = [recipe('base', 'debian', ['s6']), recipe('language', 'odd', ['odd', 'xyz'])]
  const told = (lines: string[], script?: 'base' | 'language') =>
    describeFailure('The template a-b-c', failed, lines, { recipes, script }).message
  expect(told(['E: Unable to locate package xyz'])).toBe(
    'The template a-b-c could not be built: the recipe language/odd: Unable to locate package xyz',
  )
  expect(told(["E: Package 'xyz' has no installation candidate"])).toContain('the recipe language/odd: Package')
  expect(told(['add-account: the number 200 is taken'], 'base')).toContain('the recipe base/debian: ')
  expect(told(['E: The archive does not answer'])).toBe(
    'The template a-b-c could not be built: The archive does not answer',
  )
})

test.each([
  [['[23-Nov-2026] ERROR: failed to open error_log', 'and so on'], 'failed to open error_log'],
  [['nginx: [emerg] unknown directive "x"', 'bye'], 'unknown directive'],
  [['add-account: the number 200 is taken'], 'the number 200 is taken'],
  [['something odd'], 'something odd'],
  [[], 'apt-get failed'],
])('reason of %j', (lines, reason) => {
  expect(describeFailure('It', failed, lines).message).toContain(reason)
})

test('what is not a tool’s failure stays what it is', () => {
  const late = new AppError('timed_out', 'took too long')
  expect(describeFailure('It', late, ['E: x'])).toBe(late)
  expect(describeFailure('It', new TypeError('bug'), []).message).not.toContain('bug')
})

test('only the last lines of the step that failed are kept', () => {
  const lines = keepLastLines()
  for (let n = 0; n < 100; n++) lines.add(`line ${n}`)
  expect(lines.all()).toHaveLength(40)
  expect(lines.all().at(-1)).toBe('line 99')
  lines.forget()
  lines.add('  ')
  expect(lines.all()).toEqual([])
})
