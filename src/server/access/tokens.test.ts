import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'
import { listTokens } from '../register/tokens.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const at = { params: { name: 'shop' } }
const DAY_MS = 86_400_000

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterEach(async () => {
  await brain.end()
  expect(brain.logged).toEqual([])
})

const make = async (body: { scope: 'read' | 'write'; site?: string }) => {
  const { token, secret } = await alice.call('createToken', { body: { name: 'my laptop', days: 30, ...body } })
  const program = new PanelClient(app)
  program.headers = { host: 'ruche.localhost', authorization: `Bearer ${secret}` }
  return { token, secret, program }
}
const status = async (program: PanelClient) => (await program.send('getSite', at)).statusCode

it('lets a program act without a cookie and a page, and is shown once', async () => {
  const { token, secret, program } = await make({ scope: 'write' })
  expect((await program.finish(brain, 'stopSite', at)).state).toBe('done')
  const rows = await listTokens(brain.dependencies.register.db, 'alice')
  expect(JSON.stringify(rows)).not.toContain(secret)
  const { tokens } = await alice.call('listTokens')
  expect(tokens).toMatchObject([{ id: token.id, name: 'my laptop', scope: 'write', lastUsedAt: expect.any(String) }])
  expect(JSON.stringify(tokens)).not.toContain(secret)
})

it('goes no further than its scope and its site', async () => {
  const { program: reader } = await make({ scope: 'read' })
  expect(await status(reader)).toBe(200)
  expect((await reader.send('siteAccess', at)).statusCode).toBe(403)
  expect((await reader.send('stopSite', at)).statusCode).toBe(403)
  await alice.finish(brain, 'createSite', { body: { name: 'second' } })
  const { program: bound } = await make({ scope: 'write', site: 'second' })
  expect(await status(bound)).toBe(403)
  expect((await bound.call('listSites', { query: {} })).sites.map(({ name }) => name)).toEqual(['second'])
  expect((await bound.call('listOperations')).operations.map(({ subject }) => subject)).toEqual(['second'])
  expect((await bound.send('createSite', { body: { name: 'third' } })).statusCode).toBe(403)
  // A token that could make tokens would outlive its own end.
  const { program } = await make({ scope: 'write' })
  for (const name of ['createToken', 'addKey', 'listSessions'] as const)
    expect((await program.send(name, { body: {} })).statusCode).toBe(403)
})

it('is worth nothing for another site of the same name', async () => {
  const { program } = await make({ scope: 'write', site: 'shop' })
  expect(await status(program)).toBe(200)
  await alice.finish(brain, 'destroySite', { ...at, query: {} })
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
  expect(await status(program)).toBe(401)
})

it('ends when it is revoked, when its time is over, and for any other text', async () => {
  const { token, secret, program } = await make({ scope: 'read' })
  const bob = await new PanelClient(app).signIn('bob')
  expect((await bob.send('removeToken', { params: { id: token.id } })).statusCode).toBe(404)
  expect(await status(program)).toBe(200)
  await alice.call('removeToken', { params: { id: token.id } })
  expect(await status(program)).toBe(401)
  const { program: old } = await make({ scope: 'read' })
  brain.clock.pass(31 * DAY_MS)
  expect(await status(old)).toBe(401)
  for (const text of [secret.slice(0, -1), 'ruche_', 'x', `${secret} ${secret}`]) {
    old.headers.authorization = `Bearer ${text}`
    expect([text, await status(old)]).toEqual([text, 401])
  }
})

it('AUT-8: ends with the directory’s word, and outlives its silence for a while only', async () => {
  const { program } = await make({ scope: 'read' })
  expect(await status(program)).toBe(200)
  brain.directory.isAway = true
  brain.clock.pass(60_000)
  expect(await status(program)).toBe(200)
  brain.clock.pass(15 * 60_000)
  expect(await status(program)).toBe(503)
  brain.directory.isAway = false
  expect(await status(program)).toBe(200)
  brain.directory.accounts.delete('alice')
  brain.clock.pass(30_000)
  expect(await status(program)).toBe(401)
})

it('carries its person’s role as it is now, but not when it is for one site', async () => {
  const admin = await new PanelClient(app).signIn('admin')
  const { secret } = await admin.call('createToken', { body: { name: 'watch', scope: 'read', days: 1 } })
  const { secret: bound } = await admin.call('createToken', {
    body: { name: 'one', scope: 'read', site: 'shop', days: 1 },
  })
  const program = new PanelClient(app)
  program.headers = { host: 'ruche.localhost', authorization: `Bearer ${secret}` }
  expect((await program.send('platform')).statusCode).toBe(200)
  program.headers = { host: 'ruche.localhost', authorization: `Bearer ${bound}` }
  expect((await program.send('platform')).statusCode).toBe(403)
})
