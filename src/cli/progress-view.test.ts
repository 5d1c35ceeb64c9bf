import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Operation } from '../model/operation.js'
import { followOperation, openProgressView } from './progress-view.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const record = (isTTY: boolean) => {
  const written: string[] = []
  return { written, view: openProgressView({ isTTY, columns: 30, write: (text: string) => written.push(text) }, false) }
}

test('in a log a short step is one line, a long one tells that it goes on', () => {
  const { written, view } = record(false)
  view.show('image')
  view.finish('image', 3)
  view.show('template', 'unpacking', 1)
  vi.advanceTimersByTime(1500)
  view.show('template', 'unpacking', 4)
  view.show('template', 'setting up', 52)
  vi.advanceTimersByTime(11_000)
  view.show('template', 'cleaning', 53)
  view.show('template', 'keeping', 54)
  view.finish('template', 61_000)
  vi.advanceTimersByTime(5000)
  expect(written.join('')).toBe(
    'image: done in 3 ms\ntemplate 1 %: unpacking…\ntemplate 52 %: setting up…\ntemplate 53 %: cleaning…\ntemplate: done in 61.0 s\n',
  )
})

test('on a terminal one line lives, within its width, and nothing of a site can steer it', () => {
  const { written, view } = record(true)
  view.show('build', `a\u001b[2J ${'x'.repeat(100)}`)
  vi.advanceTimersByTime(1200)
  for (const frame of written) expect([...frame.replace('\r\u001b[K', '')].length).toBeLessThan(30)
  expect(written.join('')).toContain('^[[2J')
  view.finish('build', 1200)
  expect(written.at(-1)).toContain('build')
  view.close()
})

test('an operation shows each finished step once', () => {
  const { written, view } = record(false)
  const follow = followOperation(view)
  const seen = (steps: Operation['steps']) => follow({ steps } as Operation)
  const step = (name: string, durationMs?: number) => ({
    name,
    startedAt: '',
    ...(durationMs !== undefined && { durationMs }),
  })
  seen([step('a')])
  seen([step('a', 1), step('b')])
  seen([step('a', 1), step('b', 2), step('c', 3)])
  expect(written.join('')).toBe('a: done in 1 ms\nb: done in 2 ms\nc: done in 3 ms\n')
})

test('quiet is quiet', () => {
  const written: string[] = []
  const view = openProgressView({ write: (text: string) => written.push(text) }, true)
  view.show('a')
  view.finish('a', 1)
  view.say('b')
  expect(written).toEqual([])
})
