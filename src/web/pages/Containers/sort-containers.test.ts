import { expect, it } from 'vitest'
import { aSite } from '../../test-data.js'
import { nextOrder, sortContainers } from './sort-containers.js'

const sites = [
  aSite({ name: 'site10', usage: { memoryBytes: 5 } }),
  aSite({ name: 'unknown', usage: undefined }),
  aSite({ name: 'site9', usage: { memoryBytes: 50 } }),
]
const names = (...args: Parameters<typeof sortContainers>) => sortContainers(...args).map(({ name }) => name)
const cpu = (name: string) => ({ site9: 100, site10: 900 })[name]

it('counts numbers in names as numbers', () => {
  expect(names(sites, { column: 'name', descending: false }, cpu)).toEqual(['site9', 'site10', 'unknown'])
})

it('puts what is unknown last in both directions', () => {
  expect(names(sites, { column: 'memory', descending: true }, cpu)).toEqual(['site9', 'site10', 'unknown'])
  expect(names(sites, { column: 'memory', descending: false }, cpu)).toEqual(['site10', 'site9', 'unknown'])
  expect(names(sites, { column: 'cpu', descending: true }, cpu)).toEqual(['site10', 'site9', 'unknown'])
})

it('begins quantities with the largest and turns round on a second click', () => {
  const first = nextOrder({ column: 'name', descending: false }, 'cpu')
  expect(first).toEqual({ column: 'cpu', descending: true })
  expect(nextOrder(first, 'cpu').descending).toBe(false)
  expect(nextOrder(first, 'owner').descending).toBe(false)
})
