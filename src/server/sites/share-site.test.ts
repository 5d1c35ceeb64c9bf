import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COOKIE, PANEL, PanelClient, until } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let bob: PanelClient
const at = { params: { name: 'shop' } }
const bobAt = { params: { name: 'shop', login: 'bob' } }

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  await app.listen({ host: '127.0.0.1', port: 0 })
  alice = await new PanelClient(app).signIn('alice')
  bob = await new PanelClient(app).signIn('bob')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterEach(async () => {
  const ended = brain.end()
  await app.close()
  await ended
  expect(brain.logged).toEqual([])
})

const share = (right: 'view' | 'edit' | 'manage', login = 'bob') =>
  alice.call('setCollaborator', { params: { name: 'shop', login }, body: { right } })

/** An answer of a route that stays open, as bob. */
function stay(path: string, body?: object): { text: () => string; ended: () => boolean; stop: () => void } {
  let text = ''
  let isOver = false
  const { port } = app.server.address() as AddressInfo
  const headers = {
    ...bob.headers,
    cookie: `${COOKIE}=${bob.cookie}`,
    'x-csrf-token': bob.csrfToken,
    ...(body && { 'content-type': 'application/json' }),
  }
  const asked = request({ host: '127.0.0.1', port, path, method: body ? 'POST' : 'GET', headers }, (answer) => {
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    answer.on('close', () => {
      isOver = true
    })
  })
  asked.on('error', () => undefined)
  asked.end(body && JSON.stringify(body))
  return { text: () => text, ended: () => isOver, stop: () => asked.destroy() }
}

describe('a shared site', () => {
  it('is in the list of those who work on it, with their rights, and of nobody else', async () => {
    expect((await bob.call('listSites', { query: {} })).sites).toEqual([])
    expect(await share('edit')).toMatchObject({ login: 'bob', name: 'Bob Example', right: 'edit', addedBy: 'alice' })
    expect((await bob.call('listSites', { query: {} })).sites).toMatchObject([
      { name: 'shop', owner: 'alice', rights: ['view', 'power', 'edit'] },
    ])
    expect((await bob.finish(brain, 'restartSite', at)).state).toBe('done')
    expect((await bob.call('listOperations')).operations.map(({ kind }) => kind)).toContain('site.create')
    const claire = await new PanelClient(app).signIn('claire')
    expect((await claire.call('listSites', { query: {} })).sites).toEqual([])
    // What others share counts for their quota, not for mine.
    expect((await bob.call('me')).used.sites).toBe(0)
  })

  it('is shared with people of the directory only, and not with its owner', async () => {
    for (const login of ['nobody', 'root', 'system', 'alice']) {
      const answer = await alice.send('setCollaborator', { params: { name: 'shop', login }, body: { right: 'view' } })
      expect([login, answer.statusCode]).toEqual([login, 400])
    }
    expect((await share('view', 'BOB')).login).toBe('bob')
    brain.directory.isAway = true
    expect((await alice.send('setCollaborator', { ...bobAt, body: { right: 'edit' } })).statusCode).toBe(503)
    expect((await alice.call('listCollaborators', at)).collaborators).toMatchObject([{ login: 'bob', right: 'view' }])
  })

  it('is left by who wants to, and goes away with its shares', async () => {
    await share('view')
    await bob.call('removeCollaborator', bobAt)
    expect((await bob.send('getSite', at)).statusCode).toBe(403)
    expect((await alice.send('removeCollaborator', bobAt)).statusCode).toBe(404)
    await share('manage')
    await alice.finish(brain, 'destroySite', { ...at, query: {} })
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    expect((await alice.call('listCollaborators', at)).collaborators).toEqual([])
  })

  it('AUT-9: ends what a person has open in it with the right, in the same breath', async () => {
    await share('edit')
    const program = stay('/api/sites/shop/exec', { argv: ['sleep', '1000'] })
    const events = stay('/api/events')
    await until('both are open', () => brain.engine.calls.includes('exec shop') && events.text().includes('resync'))
    await share('view')
    await until('the program is ended', () => program.ended())
    expect(events.ended()).toBe(false)
    await alice.call('removeCollaborator', bobAt)
    await until('he is told', () => events.text().includes('"siteGone"'))
    const before = events.text().length
    await alice.finish(brain, 'stopSite', at)
    expect(events.text().slice(before)).not.toContain('shop')
    events.stop()
  })

  it('AUT-9: gives the site another SFTP password when somebody who knew it loses the right', async () => {
    const hash = () => brain.engine.specOf('shop')?.settings.sftpPasswordHash
    const first = hash()
    await share('edit')
    await share('manage')
    expect(hash()).toBe(first)
    await share('view')
    const second = hash()
    expect(second).not.toBe(first)
    await share('edit')
    await alice.call('removeCollaborator', bobAt)
    expect(hash()).not.toBe(second)
  })

  it('AUT-9: does not wait for what else is done with the site, and is told later when the engine is away', async () => {
    await share('edit')
    const hash = () => brain.engine.specOf('shop')?.settings.sftpPasswordHash
    const first = hash()
    const release = brain.engine.holdNext('stop')
    await alice.call('stopSite', at)
    await alice.call('removeCollaborator', bobAt)
    expect(hash()).not.toBe(first)
    release()
    await brain.dependencies.operations.drain(2000)
    await share('edit')
    brain.engine.failNext('update', new AppError('unavailable', 'away'))
    const second = hash()
    await alice.call('removeCollaborator', bobAt)
    expect(hash()).toBe(second)
    await brain.reconciler.run()
    await until('the reconciler has told it', () => hash() !== second)
  })
})
