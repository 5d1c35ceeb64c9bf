import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stackName } from '../../model/stack.js'
import { planTemplate } from './plan-template.js'
import { listRecipes, listStacks, readRecipes } from './recipe.js'

const php = { server: 'nginx', language: 'php', database: 'none' }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-recipes-'))
  await cp(resolve('templates'), folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

test('every stack of the house holds together', async () => {
  const stacks = await listStacks(folder)
  expect(stacks.map(stackName)).toEqual(
    expect.arrayContaining(['nginx-static-none', 'nginx-php-none', 'apache-node-postgresql', 'nginx-python-sqlite']),
  )
  for (const stack of stacks) {
    const plan = planTemplate(await readRecipes(folder, stack))
    const orders = plan.services.map((service) => service.stopOrder)
    expect(orders).toEqual([...orders].sort((a, b) => a - b))
    expect(plan.data[0]).toEqual({ folder: 'home', at: '/home/site' })
  }
})

test('what can be chosen has a summary', async () => {
  const languages = await listRecipes(folder, 'language')
  expect(languages.map(({ name }) => name)).toEqual(expect.arrayContaining(['php', 'static']))
  expect(languages.every(({ summary }) => summary.length > 2)).toBe(true)
})

test('a recipe that does not exist is named', async () => {
  await expect(readRecipes(folder, { ...php, language: 'cobol' })).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no language "cobol".',
  })
})

test.each([
  ['{', 'is not JSON'],
  ['{"summary": "x", "packages": ["UPPER"]}', 'packages.0'],
  ['{"summary": "x", "packages": [], "typo": 1}', 'typo'],
  ['{"summary": "x", "packages": ["--option"]}', 'packages.0'],
  [
    '{"summary":"x","packages":[],"services":[{"name":"ghost","stopOrder":1,"stopGraceMs":100,"ready":[]}]}',
    'ghost/run',
  ],
])('a recipe with a mistake says which: %s', async (text, reason) => {
  await writeFile(join(folder, 'language/php/recipe.json'), text)
  await expect(readRecipes(folder, php)).rejects.toThrow(reason)
})

test('a stack that makes no sense is not listed, and is refused with what would', async () => {
  expect((await listStacks(folder)).map(stackName)).not.toContain('nginx-static-mariadb')
  const stack = { server: 'nginx', language: 'static', database: 'mariadb' }
  await expect(readRecipes(folder, stack)).rejects.toMatchObject({
    code: 'invalid',
    message: 'The language static does not go with the database mariadb.',
    hint: 'It goes with none.',
  })
})
