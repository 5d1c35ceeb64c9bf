import { expect, test } from 'vitest'
import { digestRecipes, digestTemplate } from './digests.js'
import type { LoadedRecipe } from './recipe.js'

function recipes(path = 'files/a', mode: 0o644 | 0o755 = 0o644, content = 'x', name = 'web'): LoadedRecipe[] {
  const recipe = { summary: 's', packages: [], data: [], services: [], awaits: [], onlyWith: {} }
  return [{ kind: 'server', name, recipe, files: [{ path, mode, content: Buffer.from(content) }] }]
}
const digest = (loaded: LoadedRecipe[], suite = 'bookworm', architecture = 'amd64') =>
  digestRecipes(loaded, suite, architecture)

test('the same recipes give the same digest, in another clone too', () => {
  expect(digest(recipes())).toBe(digest(recipes()))
})

test.each([
  ['content', digest(recipes('files/a', 0o644, 'y'))],
  ['mode', digest(recipes('files/a', 0o755))],
  ['path', digest(recipes('files/b'))],
  ['name', digest(recipes('files/a', 0o644, 'x', 'other'))],
  ['suite', digest(recipes(), 'trixie')],
  ['architecture', digest(recipes(), 'bookworm', 'arm64')],
])('another %s gives another digest', (_what, other) => {
  expect(other).not.toBe(digest(recipes()))
})

test('a file cannot pass for two, whatever is in it', () => {
  const [loaded] = recipes('files/a', 0o644, 'x')
  const [more] = recipes('files/a', 0o644, 'y')
  if (!loaded || !more) throw new Error('no recipe')
  const two = [{ ...loaded, files: [...loaded.files, ...more.files] }]
  expect(digest(recipes('files/a', 0o644, 'x11:files/a 644y'))).not.toBe(digest(two))
})

test('a newer package gives another template', () => {
  const packages = (version: string) => [{ name: 'nginx', version }]
  expect(digestTemplate('r', packages('1'))).not.toBe(digestTemplate('r', packages('2')))
})
