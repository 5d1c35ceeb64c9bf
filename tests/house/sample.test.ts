import { expect, test } from 'vitest'
import { chooseOnePerKind } from '../faults/crash/sample.js'

const kindOf = (item: string): string => item.slice(1)
const of = (...items: string[]) => chooseOnePerKind(items, kindOf)

test('a sample has each kind once, and is the same each time', () => {
  const items = ['amount', 'bmount', 'aloop', 'cmount', 'bwrite']
  const chosen = of(...items)
  expect(chosen.map(kindOf).sort()).toEqual(['loop', 'mount', 'write'])
  expect(of(...items)).toEqual(chosen)
})

test('kinds that all have are taken from each in turn', () => {
  expect(of('a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3')).toEqual(['a1', 'b2', 'c3'])
})

test('a sample of nothing is nothing', () => {
  expect(of()).toEqual([])
})
