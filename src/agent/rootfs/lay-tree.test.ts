import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecipeSchema } from '../../model/recipe.js'
import { layFiles } from './lay-tree.js'
import { planTemplate } from './plan-template.js'

let folder: string
let tree: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-lay-'))
  tree = join(folder, 'tree')
  await mkdir(join(tree, 'var'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const planOf = (path: string, mode: 0o644 | 0o755 = 0o644) =>
  planTemplate([
    {
      kind: 'base',
      name: 'debian',
      recipe: RecipeSchema.parse({ summary: 's', packages: [] }),
      files: [{ path: `files/${path}`, mode, content: Buffer.from('laid') }],
    },
  ])

test('files are laid with their modes, and folders are made for them', async () => {
  await layFiles(tree, planOf('usr/lib/x/run', 0o755))
  expect(await readFile(join(tree, 'usr/lib/x/run'), 'utf8')).toBe('laid')
  expect((await stat(join(tree, 'usr/lib/x/run'))).mode & 0o777).toBe(0o755)
  expect(await readFile(join(tree, 'etc/ruche/data'), 'utf8')).toBe('')
})

test('a file that a package brought as a link is replaced, not written through', async () => {
  await writeFile(join(folder, 'outside'), 'host')
  await symlink(join(folder, 'outside'), join(tree, 'var/file'))
  await layFiles(tree, planOf('var/file'))
  expect(await readFile(join(tree, 'var/file'), 'utf8')).toBe('laid')
  expect(await readFile(join(folder, 'outside'), 'utf8')).toBe('host')
})

test('a link does not lead out of the tree', async () => {
  await mkdir(join(folder, 'outside'))
  await symlink(join(folder, 'outside'), join(tree, 'var/run'))
  await expect(layFiles(tree, planOf('var/run/pid'))).rejects.toThrow('leads out of the template')
})
