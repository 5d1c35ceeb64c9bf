import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Platform, startPlatform } from '../../helpers/platform.js'
import { finish } from '../../helpers/programs.js'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.json('create', 'taken', '--language', 'static', '--database', 'none')
})
afterAll(() => platform?.close())

test.each([
  [['create', 'a;b'], 2, 'name'],
  [['create', '--', '--help-me'], 2, 'name'],
  [['create', '../x'], 2, 'name'],
  [['create', 'www'], 2, 'name'],
  [['create', 'x1', '--domain', '*.x'], 2, 'domain'],
  [['create', 'x2', '--memory', '1T'], 2, 'memory'],
  [['create', 'x3', '--memory', 'much'], 2, 'memory'],
  [['create', 'x4', '--cpu', '-1'], 2, 'cpu'],
  [['create', 'x5', '--language', 'cobol'], 2, 'language'],
  [['create', 'taken'], 4, 'taken'],
  [['show', 'nobody'], 3, 'no site'],
  [['start', 'nobody'], 3, 'no site'],
  [['nonsense'], 2, 'nonsense'],
])('ruche %j ends with %i and says why', async (words, code, about) => {
  const before = await traces()
  const human = await platform.ruche(...words)
  expect(human.code, human.stderr).toBe(code)
  expect(human.stderr).toMatch(/^error: /m)
  expect(human.stderr.toLowerCase()).toContain(about)
  expect(human.stdout).toBe('')
  expect(await traces()).toEqual(before)
})

test('with --json a refusal is one document', async () => {
  const { code, stdout } = await platform.ruche('create', 'taken', '--json')
  expect(code).toBe(4)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'conflict' } })
})

test('a name, a domain taken by another site: refused, and the first keeps it', async () => {
  await platform.json(
    'create',
    'first',
    '--language',
    'static',
    '--database',
    'none',
    '--domain',
    'first.test',
    '--no-start',
  )
  const { code } = await platform.ruche(
    'create',
    'second',
    '--language',
    'static',
    '--database',
    'none',
    '--domain',
    'first.test',
  )
  expect(code).toBe(4)
  expect((await platform.ruche('show', 'second')).code).toBe(3)
})

test('an administrator allows, limits and denies a person, with a reason', async () => {
  await platform.json('people', 'quota', 'alice', '--sites', '1', '--reason', 'a trial')
  await platform.json('create', 'one', '--owner', 'alice', '--language', 'static', '--database', 'none', '--no-start')
  expect(
    (await platform.ruche('create', 'two', '--owner', 'alice', '--language', 'static', '--database', 'none')).code,
  ).toBe(7)
  await platform.json('people', 'deny', 'alice', '--reason', 'left the school')
  const { people } = await platform.json<{
    people: { login: string; decision: string; reason: string; sites: string[] }[]
  }>('people', 'list')
  expect(people.find(({ login }) => login === 'alice')).toMatchObject({
    decision: 'denied',
    reason: 'left the school',
    sites: ['one'],
  })
})

/** What a refused command could have left: sites, images, cgroups, loops. */
async function traces(): Promise<unknown> {
  const { sites } = await platform.json<{ sites: { id: string }[] }>('list')
  const { stdout: files } = await finish('find', [`${platform.root}/lib/agent/sites`, '-maxdepth', '1'])
  const { stdout: loops } = await finish('losetup', ['-l', '-n', '-O', 'BACK-FILE'])
  return {
    sites: sites.map(({ id }) => id).sort(),
    files: files.split('\n').sort(),
    loops: loops.split('\n').filter((line) => line.includes(platform.root)),
  }
}
