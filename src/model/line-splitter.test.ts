import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeLineSplitter } from './line-splitter.js'

test('lines come out whole however the text was cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((line) => line.replaceAll('\n', ''))),
      fc.integer({ min: 1, max: 7 }),
      (lines, size) => {
        const seen: string[] = []
        const splitter = makeLineSplitter((line) => seen.push(line))
        const text = lines.map((line) => `${line}\n`).join('')
        for (let at = 0; at < text.length; at += size) expect(splitter.add(text.slice(at, at + size))).toBe(true)
        expect(seen).toEqual(lines)
        expect(splitter.partialLength()).toBe(0)
      },
    ),
  )
})

test('a line that is too long stops the reading, with or without its end', () => {
  const seen: string[] = []
  const splitter = makeLineSplitter((line) => seen.push(line), 4)
  expect(splitter.add('1234\n12')).toBe(true)
  expect(splitter.partialLength()).toBeGreaterThan(0)
  expect(splitter.add('345')).toBe(false)
  expect(makeLineSplitter((line) => seen.push(line), 4).add('12345\n')).toBe(false)
  expect(seen).toEqual(['1234'])
})
