import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkHouse } from '../../scripts/house-rules.mjs'

const run = promisify(execFile)
const here = resolve('.')
let folder = ''

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-house-'))
  await write('package.json', '{"name":"planted","type":"module","dependencies":{"zod":"4"}}')
  await write('docs/design/dependencies.md', '`zod`: schemas\n')
  await write('src/model/fine.ts', 'export const fine = 1\n')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a house without faults has none', async () => {
  expect(await checkHouse(folder)).toEqual([])
})

test.each([
  ['a banned name', 'src/server/site-utils.ts', 'export const a = 1\n', /named after/],
  ['a banned folder', 'src/server/common/a.ts', 'export const a = 1\n', /named after/],
  ['a file that is too long', 'src/server/long.ts', 'export const a = 1\n'.repeat(401), /at most 400/],
  ['a rule switched off', 'src/server/off.ts', '// @ts-ignore\nexport const a = 1\n', /switched off/],
  ['OPS-5: a shell', 'src/server/shell.ts', "spawn('x', [], { shell: true })\n", /no shell/],
  ['OPS-5: a shell by name', 'src/server/sh.ts', "run('sh', ['-c', line])\n", /no shell/],
  ['something synchronous', 'src/server/sync.ts', "execSync('x')\n", /no shell/],
])('%s is found', async (_, path, text, message) => {
  await write(path, text)
  const problems = await checkHouse(folder)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(message)
})

test('a dependency without a reason is found', async () => {
  await write('package.json', '{"name":"planted","dependencies":{"zod":"4","left-pad":"1"}}')
  expect(await checkHouse(folder)).toEqual(['docs/design/dependencies.md: no line of reason for left-pad'])
})

const lintPlanted: Record<string, [path: string, text: string]> = {
  'lint/complexity/noExcessiveCognitiveComplexity': [
    'src/model/complex.ts',
    `export function f(a: number): number {\n${'  if (a > 1) { if (a > 2) { if (a > 3) { if (a > 4) { if (a > 5) { return 1 } } } } }\n'.repeat(3)}  return 2\n}\n`,
  ],
  'lint/complexity/noExcessiveLinesPerFunction': [
    'src/model/lines.ts',
    `export function f(): number {\n  let a = 0\n${'  a += 1\n'.repeat(62)}  return a\n}\n`,
  ],
  'lint/correctness/noUndeclaredDependencies': [
    'src/model/undeclared.ts',
    "import pad from 'left-pad'\nexport const a = pad\n",
  ],
  'lint/correctness/noUnusedImports': ['src/model/imports.ts', "import { z } from 'zod'\nexport const a = 1\n"],
  'lint/correctness/noUnusedVariables': [
    'src/model/variables.ts',
    'export function f(): number {\n  const b = 1\n  return 2\n}\n',
  ],
  'lint/nursery/noFloatingPromises': [
    'src/model/floating.ts',
    'async function g(): Promise<void> {}\nexport function f(): void {\n  g()\n}\n',
  ],
  'lint/nursery/noMisusedPromises': [
    'src/model/misused.ts',
    'async function g(): Promise<boolean> {\n  return true\n}\nexport function f(): number {\n  if (g()) return 1\n  return 2\n}\n',
  ],
  'lint/style/noDefaultExport': ['src/model/default.ts', 'export default 1\n'],
  'lint/style/useImportType': ['src/model/type.ts', "import { A } from './a.js'\nexport const b = (a: A): A => a\n"],
  'lint/style/useNodejsImportProtocol': [
    'src/server/protocol.ts',
    "import { readFile } from 'fs/promises'\nexport const r = readFile\n",
  ],
  'lint/style/noEnum': ['src/model/enum.ts', 'export enum E {\n  A = 1,\n}\n'],
  'lint/style/useFilenamingConvention': ['src/model/Wrong_name.ts', 'export const a = 1\n'],
  'lint/style/useThrowOnlyError': ['src/model/throw.ts', "export function f(): never {\n  throw 'x'\n}\n"],
  'lint/style/noExcessiveLinesPerFile': [
    'src/model/file.ts',
    Array.from({ length: 410 }, (_, n) => `export const a${n} = ${n}\n`).join(''),
  ],
  'lint/suspicious/noImportCycles': [
    'src/model/ring.ts',
    "import { b } from './ring-back.js'\nexport const a = (): number => b()\n",
  ],
  'lint/suspicious/noExplicitAny': ['src/model/any.ts', 'export const a = (b: any): unknown => b\n'],
}

test('every lint rule that the house sets finds its planted violation', async () => {
  const config = JSON.parse(await readFile('biome.json', 'utf8')) as { linter: { rules: Record<string, unknown> } }
  const set = Object.entries(config.linter.rules).flatMap(([group, rules]) =>
    typeof rules === 'object' && rules ? Object.keys(rules).map((rule) => `lint/${group}/${rule}`) : [],
  )
  expect(Object.keys(lintPlanted).sort()).toEqual(set.sort())
  await cp('biome.json', join(folder, 'biome.json'))
  await write('src/model/ring-back.ts', "import { a } from './ring.js'\nexport const b = (): number => a()\n")
  await write('src/model/a.ts', 'export type A = number\n')
  for (const [path, text] of Object.values(lintPlanted)) await write(path, text)
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', 'src']
  const { stdout } = await run(join(here, 'node_modules/.bin/biome'), args, { cwd: folder, maxBuffer: 1e8 }).catch(
    (error) => error,
  )
  const found = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: unknown } }[] }
  for (const [rule, [path]] of Object.entries(lintPlanted))
    expect(
      found.diagnostics.filter((d) => d.category === rule && JSON.stringify(d.location).includes(path)),
      rule,
    ).not.toEqual([])
})

test('knip finds what nobody uses', async () => {
  await symlink(join(here, 'node_modules'), join(folder, 'node_modules'))
  await cp('knip.json', join(folder, 'knip.json'))
  await write('src/agent/main.ts', "import { used } from './used.js'\nconsole.log(used)\n")
  await write('src/agent/used.ts', 'export const used = 1\nexport const unusedExport = 2\n')
  await write('src/agent/unused-file.ts', 'export const a = 1\n')
  const { stdout } = await run(join(here, 'node_modules/.bin/knip'), ['--no-progress'], { cwd: folder }).catch(
    (error) => error,
  )
  expect(stdout).toContain('unusedExport')
  expect(stdout).toContain('unused-file.ts')
  expect(stdout).toContain('zod')
})
