import { expect, test } from 'vitest'
import { findNewLines } from './new-lines.js'

const lines = (text: string) => text.split(' ').map((word) => ({ source: word.slice(0, 1), text: word.slice(1) }))

test.each([
  ['a1 a2', 'a1 a2', []],
  ['a1 a2', 'a1 a2 a3', ['3']],
  ['a1 a2 a3', 'a2 a3 a4 a5', ['4', '5']],
  ['a1 a1', 'a1 a1 a1', ['1']],
  ['a1 a2', 'a8 a9', ['8', '9']],
  ['a1 b1', 'a1 a2 b1 b2', ['2', '2']],
])('after %j, %j brings %j', (before, now, texts) => {
  expect(findNewLines(lines(before), lines(now)).map((line) => line.text)).toEqual(texts)
})
