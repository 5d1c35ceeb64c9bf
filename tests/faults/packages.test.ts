import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform } from '../helpers/platform.js'
import { type OwnTemplates, openOwnTemplates } from './rollout/own-templates.js'

/** Debian packages that sites ask for besides those of their stack; the archive is one on this machine. */
const STACK = 'nginx-static-none'
const BUILD_LIMIT_MS = 900_000
const TOOL = { '/usr/bin/tool': '#!/bin/sh\necho at work\n' }

let own: OwnTemplates
let platform: Platform
beforeAll(async () => {
  own = await openOwnTemplates(STACK, {
    more: [],
    publish: async (archive) => {
      await archive.publish('ruche-tool', '1', TOOL)
      await archive.publish('ruche-climber', '1', { '/usr/bin/climber': 'climbs' }, ['/usr/bin/climber'])
      await archive.publish('linux-image-ruche', '1', { '/boot/vmlinuz': 'boots' })
      // With it the web server answers nothing but an error.
      await archive.publish('ruche-breaker', '1', { '/etc/nginx/site.d/breaker.conf': 'return 500;\n' })
    },
  })
  platform = own.platform
  await platform.resolve(`one.${BASE_DOMAIN}`, `two.${BASE_DOMAIN}`)
  for (const name of ['one', 'two']) await platform.json('create', name, '--language', 'static')
}, BUILD_LIMIT_MS)
afterAll(() => own?.close())

interface Shown {
  packages: string[]
  template: string
  started_at: string
  state: string
}
const show = (name: string) => platform.json<Shown>('show', name)
const tool = (name: string) => platform.ruche('exec', name, '--', 'sh', '/usr/bin/tool')
const serves = async (name: string) => (await platform.curl('--fail', `https://${name}.${BASE_DOMAIN}/`)).code === 0

test('a package is added from the archive, shared by the sites with the same ones, and undone', async () => {
  const plain = (await show('one')).template
  expect((await tool('one')).code).not.toBe(0)
  await platform.json('packages', 'one', 'add', 'ruche-tool')
  expect(await tool('one')).toMatchObject({ code: 0, stdout: 'at work\n' })
  expect(await serves('one')).toBe(true)
  const derived = await show('one')
  expect(derived).toMatchObject({ packages: ['ruche-tool'], state: 'running' })
  const { templates } = await platform.json<{ templates: { digest: string; extra: string[] }[] }>('template', 'list')
  expect(templates.map(({ digest, extra }) => [digest, extra])).toContainEqual([derived.template, ['ruche-tool']])

  await platform.json('packages', 'two', 'add', 'ruche-tool')
  expect((await show('two')).template).toBe(derived.template)
  await platform.json('restart', 'one')
  expect(await tool('one')).toMatchObject({ code: 0 })

  await platform.json('packages', 'one', 'remove', 'ruche-tool')
  expect(await show('one')).toMatchObject({ packages: [], template: plain })
  expect((await tool('one')).code).not.toBe(0)
  expect(await tool('two')).toMatchObject({ code: 0 })
}, 300_000)

test.each([
  ['there-is-none', 'there-is-none'],
  ['ruche-climber', 'it brings a program that runs as another user (/usr/bin/climber)'],
  ['linux-image-ruche', 'it is a part of the machine’s kernel, which sites share'],
  ['docker.io', 'docker.io'],
])(
  '%s is refused with the reason, and the site goes on untouched',
  async (name, reason) => {
    const before = await show('one')
    const { code, stderr } = await platform.ruche('packages', 'one', 'add', name)
    expect(code).not.toBe(0)
    expect(stderr).toContain(reason)
    expect(await show('one')).toMatchObject({
      packages: [],
      template: before.template,
      started_at: before.started_at,
    })
    const { templates } = await platform.json<{ templates: { extra: string[] }[] }>('template', 'list')
    expect(templates.filter(({ extra }) => extra.includes(name))).toEqual([])
  },
  300_000,
)

test('packages with which the site does worse are left again by itself', async () => {
  const before = await show('one')
  const { code, stderr } = await platform.ruche('packages', 'one', 'add', 'ruche-breaker')
  expect(code).not.toBe(0)
  expect(stderr).toContain('one did worse with these packages: its page answers 500 instead of 200')
  expect(await show('one')).toMatchObject({ packages: [], template: before.template, state: 'running' })
  expect(await serves('one')).toBe(true)
}, 300_000)
