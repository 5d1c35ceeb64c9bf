import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { shareFiles } from './share-files.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-share-'))
  for (const tree of ['old', 'new']) await mkdir(join(folder, tree, 'usr'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const put = (path: string, text: string, mode = 0o644) => writeFile(join(folder, path), text, { mode })
const sameFile = async (path: string) => {
  const [old, fresh] = await Promise.all(['old', 'new'].map((tree) => stat(join(folder, tree, path))))
  return old?.ino === fresh?.ino
}

test('a file that is the same in both becomes one file', async () => {
  await put('old/usr/a', 'content')
  await put('new/usr/a', 'content')
  expect(await shareFiles(join(folder, 'new'), [join(folder, 'missing'), join(folder, 'old')])).toBe(4096)
  expect(await sameFile('usr/a')).toBe(true)
})

test('another content, another mode or no content: it stays a file of its own', async () => {
  await put('old/usr/a', 'content')
  await put('new/usr/a', 'CONTENT')
  await put('old/usr/b', 'content', 0o755)
  await put('new/usr/b', 'content')
  await put('old/usr/c', '')
  await put('new/usr/c', '')
  await shareFiles(join(folder, 'new'), [join(folder, 'old')])
  for (const path of ['usr/a', 'usr/b', 'usr/c']) expect(await sameFile(path)).toBe(false)
  expect(await readFile(join(folder, 'new/usr/a'), 'utf8')).toBe('CONTENT')
})
