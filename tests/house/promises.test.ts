import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProblems, readTitles, renderTable, summarise } from '../../scripts/promises.mjs'

// Split, so that these are not taken for titles of tests of the house itself.
const title = (ids: string, rest: string) => `it('${ids}${': '}${rest}', () => {})\n`
const catalogue = {
  promises: ['Cells are closed', 'Data is kept'],
  tests: {
    'AAA-1': { promise: 1, shows: 'the door' },
    'AAA-2': { promise: 1, shows: 'the wall' },
    'BBB-1': { promise: 2, shows: 'the copy', waitsFor: 'copies' },
  },
}
let folder = ''

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-promises-'))
  await write('src/room/door.test.ts', title('AAA-1', 'it opens inwards'))
  await write('tests/root/wall.test.ts', title('AAA-1, AAA-2', 'nobody gets over it'))
  await write('src/room/not-a-test.ts', title('AAA-9', 'no test'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('titles lead from ids to files', async () => {
  const titles = await readTitles(folder)
  expect([...titles]).toEqual([
    ['AAA-1', ['src/room/door.test.ts', 'tests/root/wall.test.ts']],
    ['AAA-2', ['tests/root/wall.test.ts']],
  ])
  expect(findProblems(catalogue, titles)).toEqual([])
  expect(renderTable(catalogue, titles)).toContain(
    '| AAA-1 | the door | [room/door](../../src/room/door.test.ts), [root/wall](../../tests/root/wall.test.ts) |',
  )
  expect(renderTable(catalogue, titles)).toContain('| BBB-1 | the copy | waits for copies |')
})

test('an unknown id, an id without a test and a test of something that waits are found', async () => {
  await write('tests/root/wall.test.ts', title('AAA-3', 'a third wall') + title('BBB-1', 'a copy'))
  expect(findProblems(catalogue, await readTitles(folder))).toEqual([
    'tests/root/wall.test.ts: there is no id AAA-3',
    'AAA-2 has no test: the wall',
    'BBB-1 has a test but is said to wait for copies',
  ])
})

test('a run says which promises were kept', () => {
  const result = (ids: string, status = 'passed', ancestorTitles: string[] = []) => ({
    title: `${ids}${': '}it`,
    status,
    ancestorTitles,
  })
  const report = (...assertionResults: ReturnType<typeof result>[]) => ({ testResults: [{ assertionResults }] })
  const ancestor = result('AAA-2').title
  const good = report(
    result('AAA-1'),
    { ...result('', 'passed', [ancestor]), title: 'out' },
    { ...result(''), title: 'other' },
  )
  expect(summarise(catalogue, good)).toEqual([' 1. Cells are closed: 2 tests, kept'])
  expect(summarise(catalogue, report(result('AAA-1'), result('BBB-1', 'failed')))).toEqual([
    ' 1. Cells are closed: 1 test, kept',
    ' 2. Data is kept: 1 test, NOT KEPT: 1 failed',
  ])
})
