import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { findJson, findText, makeFolderDurably, renameDurably, writeDurably } from './durable-files.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('writeDurably', () => {
  it('replaces the whole file with the exact mode, and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json')
    await writeFile(path, 'a much longer text that was there')
    await chmod(path, 0o644)
    const umask = process.umask(0o077)
    await writeDurably(path, 'new', 0o640).finally(() => process.umask(umask))
    expect(await readFile(path, 'utf8')).toBe('new')
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect(await readdir(folder)).toEqual(['a.json'])
  })

  it('lets a reader see the old or the new content, never another', async () => {
    const path = join(folder, 'a')
    const contents = ['x'.repeat(100_000), 'y'.repeat(100_000)]
    await writeDurably(path, contents[0] ?? '', 0o600)
    let writing = true
    const write = (async () => {
      for (let round = 0; round < 20; round += 1) await writeDurably(path, contents[round % 2] ?? '', 0o600)
      writing = false
    })()
    while (writing) expect(contents).toContain(await readFile(path, 'utf8'))
    await write
  })

  it('leaves the old file and no other when the new one cannot be written', async () => {
    const path = join(folder, 'gone/a')
    await expect(writeDurably(path, 'x', 0o600)).rejects.toMatchObject({ code: 'ENOENT' })
    await makeFolderDurably(join(folder, 'there/a'), 0o700)
    await expect(writeDurably(join(folder, 'there/a'), 'x', 0o600)).rejects.toThrow()
    expect(await readdir(join(folder, 'there'))).toEqual(['a'])
  })
})

describe('reading back', () => {
  const Schema = z.object({ n: z.number() }).strict()

  it('gives checked values, undefined for what is not there', async () => {
    const path = join(folder, 'a.json')
    expect(await findJson(path, Schema)).toBeUndefined()
    expect(await findText(path)).toBeUndefined()
    await writeDurably(path, '{"n":1}', 0o600)
    expect(await findJson(path, Schema)).toEqual({ n: 1 })
    await renameDurably(path, join(folder, 'b.json'))
    expect(await findText(path)).toBeUndefined()
  })

  it.each(['{"n":1', '{"n":"1"}', '{"n":1,"more":2}', ''])('refuses to guess at %j', async (text) => {
    const path = join(folder, 'a.json')
    await writeFile(path, text)
    await expect(findJson(path, Schema)).rejects.toMatchObject({
      code: 'internal',
      message: 'a.json cannot be understood',
    })
    expect(await readFile(path, 'utf8')).toBe(text)
  })
})
