import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TemplateManifest } from '../../model/template.js'
import { chooseTemplate, findTemplate, getTemplate, listTemplates, removeTemplate } from './template-store.js'

const stack = { server: 'nginx', language: 'php', database: 'none' }
const other = { ...stack, database: 'mariadb' }
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-store-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(letter: string, builtAt: string, of = stack): Promise<TemplateManifest> {
  const manifest: TemplateManifest = {
    digest: letter.repeat(64),
    stack: of,
    suite: 'bookworm',
    architecture: 'amd64',
    builtAt,
    recipes: '0'.repeat(64),
    extra: [],
    packages: [{ name: 'nginx', version: '1' }],
    data: [],
    services: [],
    awaits: [],
    sizeBytes: 1,
  }
  await mkdir(join(folder, manifest.digest, 'tree'), { recursive: true })
  await writeFile(join(folder, manifest.digest, 'template.json'), JSON.stringify(manifest))
  return manifest
}

test('a folder that is not there yet has no templates', async () => {
  expect(await listTemplates(join(folder, 'missing'))).toEqual([])
  expect(await findTemplate(join(folder, 'missing'), stack)).toBeUndefined()
})

test('new sites use the one that was chosen last; the older stays for those that have it', async () => {
  const old = await put('a', '2026-01-01T00:00:00.000Z')
  const fresh = await put('b', '2026-02-01T00:00:00.000Z')
  await chooseTemplate(folder, old)
  await chooseTemplate(folder, fresh)
  await chooseTemplate(folder, await put('c', '2025-01-01T00:00:00.000Z', other))
  expect((await findTemplate(folder, stack))?.digest).toBe(fresh.digest)
  expect((await listTemplates(folder)).map(({ manifest, current }) => [manifest.digest[0], current])).toEqual([
    ['b', true],
    ['a', false],
    ['c', true],
  ])
  expect(await getTemplate(folder, old.digest)).toEqual(old)
})

test('one that is removed is gone, and its stack has none', async () => {
  const manifest = await put('a', '2026-01-01T00:00:00.000Z')
  await chooseTemplate(folder, manifest)
  await removeTemplate(folder, manifest.digest)
  await removeTemplate(folder, manifest.digest)
  expect(await findTemplate(folder, stack)).toBeUndefined()
  await expect(getTemplate(folder, manifest.digest)).rejects.toMatchObject({ code: 'not_found' })
  expect(await readdir(folder)).toEqual(['stacks'])
  expect(await readdir(join(folder, 'stacks'))).toEqual([])
})

test('a description that was damaged is not taken for an absent one', async () => {
  const manifest = await put('a', '2026-01-01T00:00:00.000Z')
  await chooseTemplate(folder, manifest)
  await writeFile(join(folder, manifest.digest, 'template.json'), '{')
  await expect(findTemplate(folder, stack)).rejects.toMatchObject({ code: 'internal' })
})
