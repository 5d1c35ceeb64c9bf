import { expect, test } from 'vitest'
import { RecipeSchema } from '../../model/recipe.js'
import { BUILD_SCRIPTS, laidFiles, planTemplate } from './plan-template.js'
import type { LoadedRecipe } from './recipe.js'

function recipe(kind: LoadedRecipe['kind'], name: string, more: object, paths: string[] = []): LoadedRecipe {
  const files = paths.map((path) => ({ path, mode: 0o644 as const, content: Buffer.from(path) }))
  return { kind, name, recipe: RecipeSchema.parse({ summary: name, packages: [], ...more }), files }
}
const service = (name: string, stopOrder: number, more: object = {}) => ({
  name,
  stopOrder,
  stopGraceMs: 1000 * stopOrder,
  ready: [],
  ...more,
})
const base = recipe('base', 'debian', {
  packages: ['s6', 'openssh-server'],
  data: [{ folder: 'home', at: '/home/site' }],
  services: [service('sshd', 20, { stopGraceMs: 40_000 })],
})

test('services stop in order, whatever the order of the recipes', () => {
  const plan = planTemplate([
    base,
    recipe('server', 'web', { services: [service('web', 10)] }),
    recipe('language', 'code', { services: [service('code', 20, { followsEnvironment: true })] }, [
      'services/code/log/run',
    ]),
    recipe('database', 'rows', { services: [service('rows', 80)], data: [{ folder: 'rows', at: '/var/lib/rows' }] }),
  ])
  expect(plan.services.map(({ name }) => name)).toEqual(['web', 'code', 'sshd', 'rows'])
  expect(plan.written['/etc/ruche/stop-order']).toBe('10000 web\n40000 code sshd\n80000 rows\n1500 code/log\n')
  expect(plan.written['/etc/ruche/environment-services']).toBe('code\n')
  expect(plan.written['/etc/ruche/data']).toBe('home /home/site\nrows /var/lib/rows\n')
  expect(plan.written['/usr/share/ruche/run/service/rows/timeout-kill']).toBe('80000\n')
})

test('packages come in steps that other stacks can start from, each package once', () => {
  const code = recipe('language', 'code', { packages: ['php', 's6'] })
  const rows = recipe('database', 'rows', { packages: ['mariadb'] })
  const web = recipe('server', 'web', { packages: ['nginx'] })
  const first = ['openssh-server', 's6']
  const second = ['openssh-server', 'php', 's6']
  const third = ['mariadb', ...second]
  expect(planTemplate([base, web, code, rows]).stages).toEqual([first, second, third, ['mariadb', 'nginx', ...second]])
  expect(planTemplate([base, code]).stages).toEqual([first, second])
  expect(planTemplate([base]).stages).toEqual([first])
})

test('what the owner’s program answers is waited for apart from the services', () => {
  const code = recipe('language', 'code', { awaits: ['tcp:8080'] })
  expect(planTemplate([base, code]).awaits).toEqual(['tcp:8080'])
})

test.each([
  ['service', { services: [service('sshd', 1)] }, []],
  ['place for data', { data: [{ folder: 'other', at: '/home/site' }] }, []],
  ['file', {}, ['files/etc/motd']],
])('two recipes with the same %s are refused', (what, more, paths) => {
  const first = recipe('base', 'debian', base.recipe, paths)
  expect(() => planTemplate([first, recipe('server', 'web', more, paths)])).toThrow(`the same ${what}`)
})

test('every file of a recipe has its place in the tree', () => {
  const paths = ['files/etc/web.conf', 'services/web/run', 'apply.d/70-web', 'build', 'recipe.json']
  expect([...laidFiles(recipe('server', 'web', {}, paths)).keys()]).toEqual([
    '/etc/web.conf',
    '/usr/share/ruche/run/service/web/run',
    '/etc/ruche/apply.d/70-web',
    `${BUILD_SCRIPTS}/server`,
  ])
  expect(() => laidFiles(recipe('server', 'web', {}, ['notes.txt']))).toThrow('notes.txt has no place')
})
