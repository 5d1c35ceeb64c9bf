import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BoughtCertificate, issueCertificate } from '../../../tests/helpers/issue-certificate.js'
import { PANEL, PanelClient, until, waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ErrorCode } from '../../model/errors.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { listAllDomains } from '../register/domains.js'
import { lookAtDueDomains } from './domains.js'

const DAY_MS = 86_400_000
const NAME = 'example.org'
const RECORD = `_ruche-challenge.${NAME}`
let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let bob: PanelClient
let admin: PanelClient

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  bob = await new PanelClient(app).signIn('bob')
  admin = await new PanelClient(app).signIn('admin')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
  await bob.finish(brain, 'createSite', { body: { name: 'blog' } })
})
afterEach(() => brain.end())

const shop = { params: { name: 'shop' } }
const blog = { params: { name: 'blog' } }
const on = (site: typeof shop, domain = NAME) => ({ params: { ...site.params, domain } })

const ask = (who: PanelClient, site: typeof shop, domain = NAME) => who.call('addDomain', { ...site, body: { domain } })

/** Publishes what proves the name for that site. */
async function publish(who: PanelClient, site: typeof shop, record = RECORD): Promise<void> {
  const others = (await who.call('listDomains', site)).domains
  const value = others[0]?.record.value ?? brain.dependencies.passwords.domainProof({ uuid: await uuidOf(site) })
  brain.dns.texts.set(record, [...(brain.dns.texts.get(record) ?? []), value])
}

async function uuidOf({ params }: typeof shop): Promise<string> {
  const rows = await brain.dependencies.register.db.selectFrom('sites').selectAll().execute()
  return rows.find(({ name }) => name === params.name)?.uuid ?? ''
}

async function check(who: PanelClient, site: typeof shop, domain = NAME) {
  const seen = await who.call('checkDomain', on(site, domain))
  if (seen.operation) await waitFor(brain, seen.operation)
  return seen
}

async function prove(who: PanelClient, site: typeof shop): Promise<void> {
  await ask(who, site)
  await publish(who, site)
  await check(who, site)
}

const served = () => brain.proxy.routes?.sites.filter(({ domains }) => domains.includes(NAME)).map(({ name }) => name)

async function refusal(answer: ReturnType<PanelClient['send']>): Promise<[ErrorCode, string]> {
  const { error } = (await answer).json() as { error: { code: ErrorCode; message: string; hint?: string } }
  return [error.code, `${error.message} ${error.hint ?? ''}`]
}

/** Sessions do not last that long. */
const pass = async (days: number) => {
  brain.clock.pass(days * DAY_MS)
  for (const [login, who] of [
    ['alice', alice],
    ['bob', bob],
    ['admin', admin],
  ] as const)
    await who.signIn(login)
}

const lookAgain = async (days: number) => {
  await pass(days)
  await lookAtDueDomains(brain.dependencies)
  await brain.dependencies.operations.drain(2000)
}

describe('a domain', () => {
  it('serves nothing before its record is found, and then container and proxy have it', async () => {
    const { domain, operation } = await ask(alice, shop)
    expect(operation).toBeUndefined()
    expect(domain).toMatchObject({ state: 'waiting', record: { name: RECORD, type: 'TXT' } })
    await until('its visitors are told so', () => brain.proxy.routes?.pendingNames?.includes(NAME) === true)
    expect(served()).toEqual([])
    expect((await check(alice, shop)).domain.check).toMatchObject({ ownership: 'missing', leads: 'nowhere' })
    brain.dns.texts.set(RECORD, ['ruche-somethingelse'])
    expect((await check(alice, shop)).domain.check?.ownership).toBe('other')
    await publish(alice, shop)
    expect((await check(alice, shop)).domain).toMatchObject({ state: 'served', proof: 'record' })
    expect(served()).toEqual(['shop'])
    expect(brain.proxy.routes?.pendingNames).toBeUndefined()
    expect(brain.engine.specOf('shop')?.settings.domains).toEqual(['shop.sites.localhost', NAME])
    expect(await alice.call('getSite', shop)).toMatchObject({ domains: ['shop.sites.localhost', NAME], claims: [] })
  })

  it('is found proven by itself, also while somebody is busy with the site', async () => {
    await ask(alice, shop)
    await publish(alice, shop)
    const release = brain.engine.holdNext('stop')
    const { operation } = await alice.call('restartSite', shop)
    await lookAgain(0.01)
    release()
    await waitFor(brain, operation)
    await brain.reconciler.run()
    await until('it is served', () => served()?.length === 1)
    await until('the container knows', () => brain.engine.specOf('shop')?.settings.domains.includes(NAME) === true)
  })

  it('has www. with the same record, and names in any script', async () => {
    await ask(alice, shop, 'bücher.example')
    const { domain } = await ask(alice, shop, 'www.bücher.example')
    expect(domain).toMatchObject({
      name: 'www.xn--bcher-kva.example',
      title: 'www.bücher.example',
      record: { name: '_ruche-challenge.xn--bcher-kva.example' },
    })
  })

  it('is looked at every week; without its record it goes after another one, and the name is asked for again', async () => {
    await prove(alice, shop)
    await lookAgain(6.9)
    const before = brain.dns.asked.length
    await lookAgain(0.2)
    expect(brain.dns.asked.length).toBe(before + 1)
    brain.dns.texts.clear()
    await lookAgain(7.1)
    expect((await alice.call('listDomains', shop)).domains[0]).toMatchObject({ state: 'failing' })
    brain.dns.isSilent = true
    await lookAgain(30)
    expect(served()).toEqual(['shop'])
    brain.dns.isSilent = false
    await lookAgain(1)
    expect(served()).toEqual([])
    expect((await alice.call('listDomains', shop)).domains[0]).toMatchObject({ state: 'waiting' })
    expect(brain.logged.map(({ msg }) => msg)).toEqual(['a domain name lost its proof and is not served any more'])
    brain.logged.length = 0
  })

  it('that nobody proves is forgotten after a month', async () => {
    await ask(alice, shop)
    await lookAgain(29)
    expect(await listAllDomains(brain.dependencies.register.db)).toHaveLength(1)
    await lookAgain(2)
    expect(await listAllDomains(brain.dependencies.register.db)).toEqual([])
  })

  it('goes back when the engine refuses its removal', async () => {
    await prove(alice, shop)
    brain.engine.failNext('update', new AppError('host_failed', 'no'))
    expect((await alice.finish(brain, 'removeDomain', on(shop))).state).toBe('failed')
    expect(await alice.call('getSite', shop)).toMatchObject({ domains: ['shop.sites.localhost', NAME] })
    expect((await alice.finish(brain, 'removeDomain', on(shop))).state).toBe('done')
    expect(served()).toEqual([])
  })

  it('can be the main one as long as it is served', async () => {
    const main = (mainName: string) => alice.send('changeSettings', { ...shop, body: { mainName } })
    expect(await refusal(main(NAME))).toMatchObject(['invalid', expect.stringContaining('is no name under which')])
    await prove(alice, shop)
    await alice.finish(brain, 'changeSettings', { ...shop, body: { mainName: NAME } })
    const settings = () => brain.proxy.routes?.sites.find(({ name }) => name === 'shop')?.settings
    expect(settings()).toMatchObject({ mainName: NAME })
    await alice.finish(brain, 'removeDomain', on(shop))
    expect(settings()).toMatchObject({ mainName: '' })
  })
})

describe('a domain of somebody else', () => {
  it('cannot be had, whatever is said', async () => {
    await prove(alice, shop)
    expect(await refusal(bob.send('addDomain', { ...blog, body: { domain: NAME } }))).toMatchObject([
      'conflict',
      expect.stringContaining('belongs to another site'),
    ])
    for (const send of ['checkDomain', 'removeDomain'] as const)
      expect((await bob.send(send, on(blog))).statusCode).toBe(404)
    expect((await bob.send('addDomain', { ...blog, body: { domain: 'x.org', vouch: true } })).statusCode).toBe(403)
    expect((await bob.send('createSite', { body: { name: 'more', domains: ['x.org'], vouch: true } })).statusCode).toBe(
      403,
    )
    expect(served()).toEqual(['shop'])
  })

  it('DOM-1: of twenty who ask at once one has it, and who proves it gets it from who only asked', async () => {
    const root = new PanelClient(await buildApp(brain.dependencies, 'root'))
    for (let n = 0; n < 18; n++) await root.finish(brain, 'createSite', { body: { name: `site-${n}`, start: false } })
    const sites = ['shop', 'blog', ...Array.from({ length: 18 }, (_, n) => `site-${n}`)]
    const answers = await Promise.all(
      sites.map((name) => admin.send('addDomain', { params: { name }, body: { domain: NAME } })),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(19).fill(409)])
    const holder = sites[answers.findIndex(({ statusCode }) => statusCode === 200)]
    const other = holder === 'blog' ? { who: alice, site: shop } : { who: bob, site: blog }
    const [code, words] = await refusal(other.who.send('addDomain', { ...other.site, body: { domain: NAME } }))
    expect(code).toBe('conflict')
    expect(words).toMatch(/another site has asked for this name.*_ruche-challenge\.example\.org TXT "ruche-/)
    await publish(other.who, other.site)
    await ask(other.who, other.site)
    await brain.dependencies.operations.drain(2000)
    expect(served()).toEqual([other.site.params.name])
  })

  it('DOM-2: is not inherited: a new site needs a fresh record, of the same person too', async () => {
    await prove(alice, shop)
    await alice.finish(brain, 'destroySite', { ...shop, query: {} })
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    await ask(alice, shop)
    expect((await check(alice, shop)).domain.check?.ownership).toBe('other')
    await alice.finish(brain, 'removeDomain', on(shop))
    await ask(bob, blog)
    expect((await check(bob, blog)).domain.check?.ownership).toBe('other')
    expect(served()).toEqual([])
    await publish(bob, blog)
    await check(bob, blog)
    expect(served()).toEqual(['blog'])
  })

  it('that was given up lately is not had on an administrator’s word, but by proof', async () => {
    await prove(alice, shop)
    await alice.finish(brain, 'removeDomain', on(shop))
    const vouch = (who: PanelClient, site: typeof shop) =>
      who.send('addDomain', { ...site, body: { domain: NAME, vouch: true } })
    expect(await refusal(vouch(admin, blog))).toMatchObject(['conflict', expect.stringContaining('is free from')])
    expect((await vouch(admin, shop)).statusCode).toBe(200)
    await brain.dependencies.operations.drain(2000)
    await alice.finish(brain, 'removeDomain', on(shop))
    await pass(31)
    expect((await vouch(admin, blog)).statusCode).toBe(200)
  })
})

describe('a certificate of the owner’s own', () => {
  const params = { name: 'shop', domain: NAME }
  const certificateOf = async () => (await alice.call('listDomains', shop)).domains[0]?.certificate
  let bought: BoughtCertificate
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ruche-bought-'))
    bought = await issueCertificate(folder, [NAME])
    await rm(folder, { recursive: true })
  })
  const bring = (who: PanelClient, change: object = {}) => {
    const { chain, key } = bought
    return who.send('setCertificate', { params, body: { chain, key, ...change } })
  }
  const finish = async (answer: ReturnType<PanelClient['send']>) =>
    waitFor(brain, ((await answer).json() as { operation: string }).operation)

  it('waits for the proof, and is said to be wrong before any work begins', async () => {
    await ask(alice, shop)
    expect(await refusal(bring(alice))).toMatchObject(['conflict', expect.stringContaining('not proven yet')])
    await publish(alice, shop)
    await check(alice, shop)
    expect((await bring(bob)).statusCode).toBe(403)
    expect((await bring(alice, { chain: 'x'.repeat(70_000) })).statusCode).toBe(400)
    const answer = await bring(alice, { key: 'nothing' })
    expect((answer.json() as { error: object }).error).toMatchObject({
      code: 'invalid',
      fields: [{ path: 'key', message: 'it is no private key in PEM' }],
    })
    expect(await certificateOf()).toMatchObject({ issuer: 'local' })
  })

  it('is served, and no answer, journal or log line has its key', async () => {
    await prove(alice, shop)
    const { db } = brain.dependencies.register
    const done = await finish(bring(alice))
    expect(done).toMatchObject({ kind: 'site.domains', state: 'done', by: 'alice' })
    expect(await certificateOf()).toMatchObject({ issuer: 'own', state: 'valid' })
    const kept = await db.selectFrom('operations').selectAll().execute()
    const secret = bought.key.split('\n')[1] ?? ''
    for (const seen of [await alice.call('listDomains', shop), done, kept, brain.logged, brain.engine.specOf('shop')])
      expect(JSON.stringify(seen)).not.toContain(secret)
  })

  it('goes away when it is removed', async () => {
    await prove(alice, shop)
    await finish(bring(alice))
    await finish(alice.send('removeCertificate', { params }))
    expect(await certificateOf()).toMatchObject({ issuer: 'local' })
    expect(await refusal(alice.send('removeCertificate', { params }))).toMatchObject(['not_found', expect.anything()])
  })
})

describe('a site’s label', () => {
  it('DOM-2: is its former owner’s for a month after the site was deleted, and an administrator’s to give', async () => {
    await alice.finish(brain, 'destroySite', { ...shop, query: {} })
    expect(await bob.call('checkName', shop)).toMatchObject({
      free: false,
      reason: expect.stringContaining('free from'),
    })
    expect((await bob.send('createSite', { body: { name: 'shop' } })).statusCode).toBe(409)
    expect(await alice.call('checkName', shop)).toEqual({ free: true })
    await admin.finish(brain, 'createSite', { body: { name: 'shop', owner: 'bob', start: false } })
    await bob.finish(brain, 'destroySite', { ...shop, query: { purge: 'true' } })
    await pass(31)
    expect(await alice.call('checkName', shop)).toEqual({ free: true })
  })

  it('is free at once when the site never came to be', async () => {
    brain.engine.failNext('start', new AppError('host_failed', 'no'))
    expect((await alice.finish(brain, 'createSite', { body: { name: 'half' } })).state).toBe('failed')
    expect(await bob.call('checkName', { params: { name: 'half' } })).toEqual({ free: true })
  })
})

describe('all names together', () => {
  const list = async () => (await admin.call('listAllNames', {})).names

  it('are listed with owner and proof, those that were given up too, without asking the engine', async () => {
    await prove(alice, shop)
    await ask(bob, blog, 'asked.example')
    brain.engine.setDown(true)
    expect(await list()).toMatchObject([
      { name: 'blog.sites.localhost', state: 'platform', site: 'blog', owner: 'bob' },
      { name: 'shop.sites.localhost', state: 'platform', site: 'shop', owner: 'alice' },
      { name: NAME, state: 'served', proof: 'record', site: 'shop', owner: 'alice', certificate: { state: 'valid' } },
      { name: 'asked.example', state: 'waiting', site: 'blog', owner: 'bob' },
    ])
    brain.engine.setDown(false)
    await alice.finish(brain, 'removeDomain', on(shop))
    expect(await list()).toContainEqual({
      ...{ name: NAME, title: NAME, state: 'released', owner: 'alice' },
      freeAt: expect.stringMatching(/^20/),
    })
    await prove(alice, shop)
    expect((await list()).filter(({ name }) => name === NAME)).toMatchObject([{ state: 'served' }])
  })
})
