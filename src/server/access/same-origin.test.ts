import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { type ApiName, api } from '../../model/api.js'
import { buildApp } from '../app.js'

const unsafe = (Object.keys(api) as ApiName[]).filter((name) => api[name].method !== 'GET')

describe('requests that the panel’s own page did not make', () => {
  let brain: TestBrain
  let app: FastifyInstance
  let client: PanelClient
  beforeAll(async () => {
    brain = await openTestBrain()
    app = await buildApp(brain.dependencies, PANEL)
    client = await new PanelClient(app).signIn('alice')
    await client.finish(brain, 'createSite', { body: { name: 'shop' } })
  })
  afterAll(() => brain.end())

  const send = (name: ApiName, headers: Record<string, string>) =>
    client.send(
      name,
      { params: { name: 'shop', id: 'a'.repeat(12), login: 'alice', digest: '0'.repeat(64) } },
      { headers },
    )

  it.each(unsafe)('WEB-3: %s is refused to another origin', async (name) => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://shop.sites.localhost' },
      { origin: 'null' },
      { origin: 'http://ruche.localhost' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ]
    for (const headers of foreign) expect((await send(name, headers)).statusCode, JSON.stringify(headers)).toBe(403)
  })

  it.each(unsafe.filter((name) => name !== 'signIn'))(
    'WEB-3: %s is refused without the page’s own token',
    async (name) => {
      const other = await new PanelClient(app).signIn('bob')
      for (const token of ['', 'wrong', other.csrfToken])
        expect((await send(name, { 'x-csrf-token': token })).statusCode).toBe(403)
    },
  )

  it.each((Object.keys(api) as ApiName[]).filter((name) => api[name].method === 'GET'))(
    'WEB-3: %s is not answered to another site’s page either',
    async (name) => {
      for (const site of ['same-site', 'cross-site']) {
        const answer = await send(name, { 'sec-fetch-site': site })
        expect(answer.statusCode, site).toBe(403)
        expect(answer.body).not.toContain('shop')
      }
      expect((await send(name, { origin: 'https://shop.sites.localhost' })).statusCode).toBe(403)
    },
  )

  it('WEB-3: an address that the person opened is answered', async () => {
    client.headers = { host: 'ruche.localhost' }
    expect((await send('listSites', { 'sec-fetch-site': 'none' })).statusCode).toBe(200)
    client.headers = new PanelClient(app).headers
  })

  it('WEB-3: takes no body but JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await client.send(
        'createSite',
        {},
        { payload: '{"name":"evil"}', headers: { 'content-type': type } },
      )
      expect(answer.statusCode, type).toBe(400)
    }
  })

  it('WEB-3: is the same for a token that was right before sign-out', async () => {
    const before = await new PanelClient(app).signIn('bob')
    const token = before.csrfToken
    await before.call('signOut')
    const again = await new PanelClient(app).signIn('bob')
    const answer = await again.send('createSite', { body: { name: 'bobs' } }, { headers: { 'x-csrf-token': token } })
    expect(answer.statusCode).toBe(403)
  })
})
