import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogEntry } from '../../model/site-log.js'
import { openJournals } from './journals.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-journals-'))
})
afterEach(() => rm(folder, { recursive: true }))

const entry = (text: string): LogEntry => ({ at: '2026-11-26T06:00:00.000Z', source: 'life', level: 'info', text })
const texts = (entries: LogEntry[]) => entries.map(({ text }) => text)

test('the last entries come back in their order, each kind by itself, and who follows is told', async () => {
  const journals = openJournals(folder)
  const told: string[] = []
  const leave = journals.follow('a', (entries) => told.push(...texts(entries)))
  await Promise.all([
    journals.add('a', 'life', [entry('one'), entry('two\n{}')]),
    journals.add('a', 'life', [entry('three')]),
    journals.add('a', 'visits', [entry('visit')]),
    journals.add('b', 'life', [entry('other')]),
  ])
  leave()
  await journals.add('a', 'life', [entry('four')])
  expect(texts(await journals.read('a', 'life', 3))).toEqual(['two\n{}', 'three', 'four'])
  expect(texts(await journals.read('a', 'visits', 3))).toEqual(['visit'])
  expect(told).toEqual(['one', 'two\n{}', 'three', 'visit'])
  await journals.keepOnly(new Set(['b']))
  expect(await journals.read('a', 'life', 3)).toEqual([])
  expect(texts(await journals.read('b', 'life', 3))).toEqual(['other'])
})

test('a journal is bounded, and what a crash has cut is left out', async () => {
  const journals = openJournals(folder, 1000)
  for (let n = 0; n < 100; n++) await journals.add('a', 'visits', [entry(`visit ${n}`)])
  const sizes = await Promise.all((await readdir(join(folder, 'a'))).map((name) => stat(join(folder, 'a', name))))
  expect(sizes).toHaveLength(2)
  for (const { size } of sizes) expect(size).toBeLessThan(1200)
  expect(texts(await journals.read('a', 'visits', 5))).toEqual([95, 96, 97, 98, 99].map((n) => `visit ${n}`))
  await writeFile(join(folder, 'a', 'life.jsonl'), `${JSON.stringify(entry('whole'))}\n{"at":`)
  expect(texts(await journals.read('a', 'life', 5))).toEqual(['whole'])
})
