import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ApiEntry } from '../../model/api/entry.js'
import { type ApiName, api } from '../../model/api.js'
import { buildApp } from '../app.js'
import { checkStanding } from '../sites/standing.js'

const names = Object.keys(api) as ApiName[]
const withBody = names.filter((name) => 'body' in api[name])
const ofSites = names.filter((name) => api[name].access.startsWith('site.'))
const DIGEST = '0'.repeat(64)

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let bob: PanelClient
let admin: PanelClient
/** An operation on alice's site. */
let hers = ''
beforeAll(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  bob = await new PanelClient(app).signIn('bob')
  admin = await new PanelClient(app).signIn('admin')
  hers = (await alice.finish(brain, 'createSite', { body: { name: 'shop' } })).id
  await bob.finish(brain, 'createSite', { body: { name: 'blog' } })
  // The server looks once a minute who the people are, and notes what it did not know of them: before anything is compared, it shall know all.
  await checkStanding(brain.dependencies, brain.directory)
})
afterAll(async () => {
  expect(brain.logged).toEqual([])
  await brain.end()
})

/** All that anybody could have changed. */
async function everything(): Promise<string> {
  const { db } = brain.dependencies.register
  const tables = ['sites', 'domains', 'people'] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  const files = [...brain.engine.cells].map(([name, cell]) => [name, cell.spec, cell.files])
  return JSON.stringify([rows, files])
}

const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
const deepObject = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`

describe('a body that is not what it should be', () => {
  const hostile: [string, string][] = [
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['text', '"shop"'],
    ['a number', '1e999'],
    ['another type for each field', typed([])],
    ['objects for each field', typed({})],
    ['numbers for each field', typed(1e308)],
    ['nulls for each field', typed(null)],
    ['a prototype', '{"__proto__":{"administrator":true}}'],
    ['a constructor', '{"constructor":{"prototype":{"administrator":true}}}'],
    ['a deep list', deep],
    ['a deep object', deepObject],
    ['half of it', '{"name":'],
    ['two of it', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['a long text for each field', typed('x'.repeat(20_000))],
  ]

  it.each(withBody.flatMap((name) => hostile.map(([what, body]) => [name, what, body] as const)))(
    'AUT-5: %s: %s is refused in words, and changes nothing',
    async (name, _, payload) => {
      const before = await everything()
      const params = { name: 'shop', id: hers, login: 'bob', digest: DIGEST }
      const client = api[name].access === 'administrator' ? admin : alice
      const query = name === 'saveFile' ? { path: 'x' } : {}
      const answer = await client.send(
        name,
        { params, query },
        { payload, headers: { 'content-type': 'application/json' } },
      )
      expect([400, 401], answer.body).toContain(answer.statusCode)
      expect(answer.body).not.toMatch(/Invalid input|expected|Unrecognized/)
      expect(answer.body.length).toBeLessThan(20_000)
      expect(answer.body).not.toMatch(/ZodError|SyntaxError|at \w+ \(/)
      expect(await everything()).toBe(before)
      expect(({} as { administrator?: boolean }).administrator).toBeUndefined()
    },
  )
})

/** Every field of any body, with the same value. */
function typed(value: unknown): string {
  const fields = [
    'login',
    'password',
    'name',
    'stack',
    'domains',
    'limits',
    'owner',
    'start',
    'cpuMilli',
    'which',
    'keys',
  ]
  const more = ['argv', 'stdin', 'timeoutMs', 'base', 'content', 'from', 'to', 'decision', 'quota', 'reason', 'force']
  return JSON.stringify(Object.fromEntries([...fields, ...more].map((field) => [field, value])))
}

describe('a field that is not the person’s to set', () => {
  it.each([
    ['signIn', { login: 'alice', password: 'alice-pass', administrator: true }],
    ['signIn', { login: 'alice', password: 'alice-pass', role: 'administrator' }],
    ['createSite', { name: 'mine', uuid: 'x' }],
    ['createSite', { name: 'mine', address: 2 }],
    ['createSite', { name: 'mine', by: 'admin' }],
    ['createSite', { name: 'mine', limits: { cpuMilli: 100, ioWeight: 1 } }],
    ['createSite', { name: 'mine', stack: { server: 'nginx', language: 'php', database: 'none', packages: ['x'] } }],
    ['setLimits', { cpuMilli: 100, owner: 'bob' }],
    ['addDomain', { domain: 'x.example.org', owner: 'bob' }],
    ['setSftpKeys', { keys: [], user: 'root' }],
    ['execInSite', { argv: ['id'], uid: 0 }],
    ['execInSite', { argv: ['id'], user: 'root', cwd: '/' }],
    ['saveFile', { base: null, content: '', mode: 0o4777 }],
    ['rotatePassword', { which: 'sftp', password: 'known' }],
    ['setPerson', { decision: 'allowed', administrator: true }],
    ['setPerson', { quota: { sites: 1, administrators: 1 } }],
  ] as [ApiName, object][])('AUT-3: %s with %j is refused', async (name, body) => {
    const before = await everything()
    const client = name === 'setPerson' ? admin : alice
    const answer = await client.send(name, { params: { name: 'shop', login: 'bob' }, query: { path: 'x' }, body })
    expect(answer.statusCode, answer.body).toBe(400)
    expect(await everything()).toBe(before)
  })

  it('AUT-3: nobody gives a site to somebody else, or takes one', async () => {
    const answer = await alice.send('createSite', { body: { name: 'gift', owner: 'bob' } })
    expect(answer.statusCode).toBe(403)
    expect(brain.engine.cells.has('gift')).toBe(false)
  })
})

describe('what belongs to somebody else', () => {
  it.each(ofSites)('%s does not take the name in another place', async (name) => {
    const before = await everything()
    const others: [string, string][] = [
      ['?name=blog', ''],
      ['?name=blog&name=shop', ''],
      ['?site=blog', ''],
    ]
    for (const [search] of others) {
      const entry: ApiEntry = api[name]
      const plain = entry.path.replace(':name', 'shop').replace(':id', 'a'.repeat(12)).replace(':domain', 'x.org')
      const path = plain + search
      const answer = await bob.send(name, {}, { url: path })
      expect(answer.statusCode, path).toBe(403)
    }
    expect(await everything()).toBe(before)
  })

  it.each([
    'SHOP',
    'shop%20',
    'shop%00',
    'blog%2f..%2fshop',
    'blog/../shop',
    'blog%2F%2E%2E%2Fshop',
    'sho%70',
    '%73hop',
    './shop',
  ])('a site spelled %s is the same to whoever asks', async (spelled) => {
    for (const path of ['', '/access', '/files?path=', '/logs']) {
      const answer = await bob.send('getSite', {}, { url: `/api/sites/${spelled}${path}` })
      expect([400, 403, 404], `${path}: ${answer.body}`).toContain(answer.statusCode)
      expect(answer.body).not.toContain('alice')
    }
  })

  it('an operation, by its id', async () => {
    for (const name of ['getOperation', 'cancelOperation'] as const) {
      expect((await bob.send(name, { params: { id: hers } })).statusCode).toBe(404)
      expect((await bob.send(name, {}, { url: `/api/operations/blog%2f..%2f${hers}` })).statusCode).toBe(400)
    }
    expect(JSON.stringify(await bob.call('listOperations'))).not.toContain(hers)
    expect((await alice.send('getOperation', { params: { id: hers } })).statusCode).toBe(200)
  })

  it('the operations of a former site of the same name', async () => {
    const made = await alice.finish(brain, 'createSite', { body: { name: 'again' } })
    const gone = await alice.finish(brain, 'destroySite', { params: { name: 'again' }, query: {} })
    brain.clock.pass(1000)
    // The name is alice's for a while; an administrator may give it away.
    await admin.finish(brain, 'createSite', { body: { name: 'again', owner: 'bob' } })
    for (const { id } of [made, gone]) {
      expect((await bob.send('getOperation', { params: { id } })).statusCode).toBe(404)
      expect(JSON.stringify(await bob.call('listOperations'))).not.toContain(id)
      expect((await alice.send('getOperation', { params: { id } })).statusCode).toBe(200)
    }
    await bob.finish(brain, 'destroySite', { params: { name: 'again' }, query: {} })
  })
})

describe('names that look like others', () => {
  it.each([
    'ѕhop',
    'shоp',
    'sh\u200bop',
    '\u202epohs',
    'ｓhop',
    'shop\u0301',
    'SHOP',
    'shop.',
    'xn--shp-tna',
    '-shop',
    'sh--op',
  ])('no site is called %s', async (name) => {
    expect((await alice.send('createSite', { body: { name } })).statusCode).toBe(400)
  })

  it('domains are taken as what they really are', async () => {
    for (const [typed, meant] of [
      ['www.exаmple.org', 'www.xn--exmple-4nf.org'],
      ['www.EXAMPLE.org', 'www.example.org'],
      ['bücher.example', 'xn--bcher-kva.example'],
    ] as const) {
      const { domain } = await alice.call('addDomain', { params: { name: 'shop' }, body: { domain: typed } })
      expect(domain).toMatchObject({ name: meant, state: 'waiting' })
      await alice.finish(brain, 'removeDomain', { params: { name: 'shop', domain: typed } })
    }
  })
})
