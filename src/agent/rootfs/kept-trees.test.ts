import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findLastKept, forgetOldTrees, keepTree, keptPath } from './kept-trees.js'

const release = { suite: 'bookworm', architecture: 'amd64' }
const options = { onLine: () => undefined }
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-kept-'))
  await mkdir(join(folder, 'tree'))
  await writeFile(join(folder, 'tree/file'), 'x')
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

test('the last stage that is kept is where a build starts', async () => {
  const paths = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((packages) => keptPath(folder, release, packages))
  expect(await findLastKept(paths)).toBe(-1)
  await keepTree(join(folder, 'tree'), paths[0] ?? '', options)
  await keepTree(join(folder, 'tree'), paths[1] ?? '', options)
  expect(await findLastKept(paths)).toBe(1)
  expect(await readdir(paths[1] ?? '')).toEqual(['file'])
})

test('other packages or another release are another tree', () => {
  const here = keptPath(folder, release, ['a'])
  expect(keptPath(folder, release, ['b'])).not.toBe(here)
  expect(keptPath(folder, { ...release, suite: 'trixie' }, ['a'])).not.toBe(here)
  expect(keptPath(folder, { ...release, architecture: 'arm64' }, ['a'])).not.toBe(here)
})

test('what is old or was never finished goes', async () => {
  const path = keptPath(folder, release, ['a'])
  await keepTree(join(folder, 'tree'), path, options)
  await mkdir(`${path}.unfinished`)
  await forgetOldTrees(folder)
  expect(await findLastKept([path, `${path}.unfinished`])).toBe(0)
  vi.useFakeTimers({ now: Date.now() + 15 * 24 * 3_600_000, toFake: ['Date'] })
  await forgetOldTrees(folder)
  expect(await findLastKept([path])).toBe(-1)
})
