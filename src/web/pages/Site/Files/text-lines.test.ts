import { describe, expect, it } from 'vitest'
import { findChangedLines, findLineEnding } from './text-lines.js'

describe('findLineEnding', () => {
  it('keeps Windows endings only where all are', () => {
    expect(findLineEnding('a\r\nb\r\n')).toBe('\r\n')
    expect(findLineEnding('a\r\nb\n')).toBe('\n')
    expect(findLineEnding('a\rb\r\n')).toBe('\n')
    expect(findLineEnding('a')).toBe('\n')
  })
})

describe('findChangedLines', () => {
  it('leaves out what is equal at both ends', () => {
    expect(findChangedLines('1\n2\n3\n4', '1\nx\ny\n4')).toEqual({ before: 1, mine: ['2', '3'], theirs: ['x', 'y'] })
    expect(findChangedLines('a\nb', 'a\nb\nc')).toEqual({ before: 2, mine: [], theirs: ['c'] })
  })

  it('does not count a line twice', () => {
    expect(findChangedLines('a\na', 'a')).toEqual({ before: 1, mine: ['a'], theirs: [] })
    expect(findChangedLines('same', 'same')).toEqual({ before: 1, mine: [], theirs: [] })
  })
})
