import { expect, it } from 'vitest'
import { check } from './check.js'
import { Environment, EnvironmentChange, findVariableProblem, mergeEnvironment } from './environment.js'

it('takes names as programs know them, and refuses those that are not the owner’s to give', () => {
  for (const name of ['API_KEY', 'A', 'NODE_ENV', 'DATABASES', 'SITEMAP', 'HTTP_PROXY'])
    expect(findVariableProblem(name), name).toBeUndefined()
  for (const name of ['', 'a', 'A-B', '1A', '_A', 'A'.repeat(65), 'A\n'])
    expect(findVariableProblem(name), name).toContain('capital letters')
  for (const name of ['DATABASE_PASSWORD', 'DATABASE_URL', 'SITE_NAME', 'PORT', 'HOME'])
    expect(findVariableProblem(name), name).toContain('gives this variable itself')
  for (const name of ['LD_PRELOAD', 'LD_AUDIT', 'PATH', 'GLIBC_TUNABLES', 'GCONV_PATH'])
    expect(findVariableProblem(name), name).toContain('for the system itself')
})

it('names the variable that is wrong, and never its value', () => {
  const wrong = { API_KEY: 'fine', LD_PRELOAD: 'hush-hush' }
  expect(() => check(Environment, wrong, 'The request')).toThrow(/LD_PRELOAD: this variable is for the system/)
  expect(() => check(Environment, wrong, 'The request')).not.toThrow(/hush/)
  expect(() => check(Environment, { KEY: 'a\0b' }, 'The request')).toThrow('KEY: not a text')
  expect(() => check(Environment, { KEY: 'x'.repeat(4097) }, 'The request')).toThrow('at most 4096')
})

it('bounds their number and their size', () => {
  const many = (count: number, size: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`V${n}`, 'x'.repeat(size)]))
  expect(Environment.safeParse(many(100, 1000)).success).toBe(true)
  expect(Environment.safeParse(many(101, 1)).success).toBe(false)
  expect(Environment.safeParse(many(40, 4000)).success).toBe(false)
})

it('sets, keeps and takes away', () => {
  const before = { B: '2', A: '1' }
  expect(mergeEnvironment(before, { A: null, C: '', B: '3' })).toEqual({ B: '3', C: '' })
  expect(Object.keys(mergeEnvironment(before, {}))).toEqual(['A', 'B'])
  expect(EnvironmentChange.safeParse({ PATH: null }).success).toBe(false)
})
