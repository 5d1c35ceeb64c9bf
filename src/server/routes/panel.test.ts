import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { ERROR_CODES } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { errorStatus } from '../error-status.js'
import { findText } from './files.js'
import { preferredLanguage } from './visitors.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let folder: string
const at = { params: { name: 'shop' } }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-web-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Ruche</title>')
  await writeFile(join(folder, 'assets/app-abc123.js'), 'let a')
  await writeFile(join(folder, 'favicon.svg'), '<svg/>')
  brain = await openTestBrain({ sampleAccounts: [{ login: 'alice', password: 'alice-pass', role: 'student' }] })
  app = await buildApp(brain.dependencies, { ...PANEL, webFolder: folder })
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterAll(async () => {
  await brain.end()
  await rm(folder, { recursive: true, force: true })
})
const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers: { host: 'ruche.localhost', ...headers } })

describe('the panel', () => {
  it.each([
    'evil.example',
    'ruche.localhost.evil.example',
    'shop.sites.localhost',
    'ruche.localhost:8443',
    '10.1.1.1',
    '',
  ])('WEB-4: does not answer to the name %j', async (host) => {
    for (const url of ['/api/welcome', '/', '/assets/app-abc123.js', '/none'])
      expect((await get(url, { host })).statusCode).toBe(421)
  })

  it('WEB-4: answers to its name with and without the port', async () => {
    const configured = await buildApp(brain.dependencies, {
      ...PANEL,
      origin: 'https://ruche.localhost:8443',
      webFolder: folder,
    })
    for (const host of ['ruche.localhost', 'ruche.localhost:8443'])
      expect((await configured.inject({ url: '/api/welcome', headers: { host } })).statusCode).toBe(200)
  })

  it('tells browsers what its pages may do, on every answer', async () => {
    for (const url of ['/', '/api/welcome', '/api/none', '/assets/none.js', '/assets/app-abc123.js']) {
      const { headers } = await get(url)
      expect(headers, url).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      })
      const policy = String(headers['content-security-policy'])
      for (const rule of ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"])
        expect(policy).toContain(rule)
      expect(policy).not.toContain('unsafe')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('serves its pages, and the application for addresses of its own', async () => {
    for (const url of ['/', '/sites/shop/files', '/sign-in?next=/sites']) {
      const answer = await get(url)
      expect([answer.statusCode, answer.body]).toEqual([200, '<!doctype html><title>Ruche</title>'])
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' })
    }
    const asset = await get('/assets/app-abc123.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache')
    for (const url of ['/assets/none.js', '/api/none', '/api'])
      expect([url, (await get(url)).statusCode]).toEqual([url, url === '/api' ? 200 : 404])
    for (const url of ['/../register.db', '/..%2f..%2fetc/passwd', '/%00', '/assets/..%2f..%2f..%2fetc/passwd'])
      expect((await get(url)).body).not.toContain('root:')
  })

  it('WEB-7: keeps answers of the API out of caches, however the address is spelled', async () => {
    for (const url of ['/%61pi/session', '/api/%73ession', '/api/session?x=/assets/', '/api/none'])
      expect([url, (await get(url)).headers['cache-control']]).toEqual([url, 'no-store'])
    expect((await get('/api/welcome')).headers['cache-control']).toBe('no-store')
    expect((await get('/api/session')).headers['cache-control']).toBe('no-store')
  })

  it('answers errors in one form, with an id that is in the log and nothing of the inside', async () => {
    const broken = alice.app
    brain.engine.choices = () => Promise.reject(new Error('inside /secret'))
    const answer = await new PanelClient(broken).signIn('alice').then((client) => client.send('siteDefaults'))
    expect(answer.statusCode).toBe(500)
    const { error } = answer.json() as { error: { id: string } }
    expect(error).toEqual({ code: 'internal', message: 'Something went wrong inside.', id: error.id })
    expect(brain.logged).toMatchObject([{ id: error.id, err: { message: 'inside /secret' } }])
  })

  it.each([
    ['POST', '/api/session', '{', 400],
    ['POST', '/api/session', '[]', 400],
    ['POST', '/api/session', JSON.stringify({ login: 'a', password: 'b', role: 'administrator' }), 400],
    ['POST', '/api/session', JSON.stringify({ login: 'a', password: 'x'.repeat(300_000) }), 400],
    // Nobody's body is not even looked at.
    ['POST', '/api/sites/shop/exec', '{', 401],
    ['TRACE', '/api/session', undefined, 404],
    ['PUT', '/api/session', undefined, 404],
    ['HEAD', '/api/sites', undefined, 404],
    ['GET', '/API/sites', undefined, 200],
    ['GET', '/api/sites/', undefined, 401],
    ['GET', '//api/sites', undefined, 400],
  ])('%s %s %s: %i, and no data', async (method, url, payload, status) => {
    const headers = { host: 'ruche.localhost', ...(payload !== undefined && { 'content-type': 'application/json' }) }
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload !== undefined && { payload }),
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.body).not.toContain('shop')
  })

  it('has a status for every code', () => {
    expect(Object.keys(errorStatus).sort()).toEqual([...ERROR_CODES].sort())
  })
})

describe('what visitors are shown in place of a site', () => {
  const visit = (host: string, headers: Record<string, string> = {}) =>
    get('/', { 'x-ruche-visitor-host': host, ...headers })

  it.each([
    ['running', 'shop.sites.localhost', 502],
    ['unknown to us', 'none.sites.localhost', 404],
  ])('of a site that is %s', async (_, host, status) => {
    expect((await visit(host)).statusCode).toBe(status)
  })

  it('follows the site’s state, in the visitor’s language, and sets no cookie', async () => {
    await alice.finish(brain, 'stopSite', at)
    const stopped = await visit('SHOP.sites.localhost:8443', { 'accept-language': 'fr-CH, en;q=0.9' })
    expect(stopped.statusCode).toBe(503)
    expect(stopped.headers).toMatchObject({ 'content-language': 'fr', 'cache-control': 'no-store' })
    expect(stopped.headers['set-cookie']).toBeUndefined()
    expect(stopped.body).toContain('shop')
    const release = brain.engine.holdNext('start')
    const { operation } = await alice.call('startSite', at)
    const starting = await visit('shop.sites.localhost')
    expect(starting.headers['retry-after']).toBe('3')
    release()
    await brain.dependencies.operations.ended(operation)
    const admin = await new PanelClient(app).signIn('admin')
    const added = await admin.call('addDomain', { ...at, body: { domain: 'shop.example.org', vouch: true } })
    await brain.dependencies.operations.ended(added.operation ?? '')
    expect((await visit('shop.example.org')).statusCode).toBe(502)
    brain.engine.setDown(true)
    await brain.dependencies.observed.refresh()
    expect((await visit('shop.sites.localhost')).headers['retry-after']).toBe('60')
    brain.engine.setDown(false)
    await brain.dependencies.observed.refresh()
  })

  it.each([
    [undefined, 'en'],
    ['de', 'en'],
    ['fr', 'fr'],
    ['en;q=0.5, fr;q=0.8', 'fr'],
    ['fr;q=0, en', 'en'],
    ['*', 'en'],
    [`${'fr,'.repeat(2000)}x;q=${'9'.repeat(400)}`, 'fr'],
  ])('speaks %s as %s', (header, language) => expect(preferredLanguage(header)).toBe(language))
})

describe('files', () => {
  const file = (path: string) => ({ ...at, query: { path } })
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')

  it('are listed, read, saved with the version they were opened with, renamed and removed', async () => {
    const { version, text } = await alice.call('readFile', file('public/index.php'))
    expect(text).toContain('It works')
    const saved = await alice.call('saveFile', {
      ...file('public/index.php'),
      body: { base: version, content: base64('new') },
    })
    const stale = await alice.send('saveFile', {
      ...file('public/index.php'),
      body: { base: version, content: base64('old') },
    })
    expect(stale.statusCode).toBe(409)
    expect(await alice.call('readFile', file('public/index.php'))).toMatchObject({
      text: 'new',
      version: saved.version,
    })
    await alice.call('makeFolder', file('public/images'))
    await alice.call('renameFile', { ...at, body: { from: 'public/images', to: 'public/pictures' } })
    const { entries } = await alice.call('listFiles', file('public'))
    expect(entries.map((entry) => entry.name)).toEqual(['index.php', 'pictures'])
    await alice.call('removeFile', file('public/pictures'))
    expect((await alice.send('readFile', file('public/pictures'))).statusCode).toBe(404)
  })

  it.each(['../x', '/etc/passwd', 'a/../../b', 'a//b', 'a/', './a', 'a\0b'])('refuses the path %j', async (path) => {
    for (const name of ['listFiles', 'readFile', 'removeFile', 'makeFolder'] as const)
      expect((await alice.send(name, file(path))).statusCode).toBe(400)
    expect((await alice.send('renameFile', { ...at, body: { from: 'public', to: path } })).statusCode).toBe(400)
  })

  it('keeps every byte of what it shows as text, and shows only what it can keep', () => {
    for (const text of ['\r\n', '\ufeffwith a mark', 'é𝄞', ''])
      expect(Buffer.from(findText(Buffer.from(text)) ?? 'none').equals(Buffer.from(text))).toBe(true)
    for (const bytes of [
      Buffer.from('x\0y'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('é', 'utf16le'),
      Buffer.from([0xc3]),
    ])
      expect(findText(bytes)).toBeUndefined()
  })

  it('does not open as text what is too large, and does not save it', async () => {
    const cell = brain.engine.cells.get('shop')
    cell?.files.put('large', Buffer.alloc(2 * 1024 ** 2 + 1, 'x'))
    const large = await alice.call('readFile', file('large'))
    expect(large).toEqual({ path: 'large', sizeBytes: 2 * 1024 ** 2 + 1, version: large.version })
    const content = base64(Buffer.alloc(2 * 1024 ** 2 + 1))
    expect((await alice.send('saveFile', { ...file('big'), body: { base: null, content } })).statusCode).toBe(400)
    const most = base64(Buffer.alloc(2 * 1024 ** 2, 'y'))
    await alice.call('saveFile', { ...file('most'), body: { base: null, content: most } })
  })

  it('does not remove the home itself', async () => {
    expect((await alice.send('removeFile', file(''))).statusCode).toBe(400)
  })
})

describe('programs in a site', () => {
  const lines = async (body: object) => {
    const answer = await alice.send('execInSite', { ...at, body })
    expect(answer.headers['content-type']).toBe('application/x-ndjson')
    return answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  it('stream what they say, then how they ended', async () => {
    const stdin = Buffer.from('hello').toString('base64')
    expect(await lines({ argv: ['cat'], stdin })).toEqual([{ stdout: stdin }, { exitCode: 0 }])
    expect(await lines({ argv: ['false'] })).toEqual([{ stderr: expect.any(String) }, { exitCode: 1 }])
  })

  it('stream the error when they could not run', async () => {
    await alice.finish(brain, 'stopSite', at)
    expect(await lines({ argv: ['true'] })).toMatchObject([{ error: { code: 'conflict' } }])
    await alice.finish(brain, 'startSite', at)
  })

  it('leave logs', async () => {
    const { lines: log } = await alice.call('siteLogs', { ...at, query: { sources: 'console' } })
    expect(log.at(-1)).toEqual({ source: 'console', level: 'info', text: 'started' })
    const life = async () => (await alice.call('siteLogs', { ...at, query: { sources: 'life', text: 'START' } })).lines
    await expect.poll(async () => (await life()).map(({ text }) => text)).toContain('start by alice begins')
  })
})
