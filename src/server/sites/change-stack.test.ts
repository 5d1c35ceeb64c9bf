import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const at = { params: { name: 'shop' } }
const php = { server: 'nginx', language: 'php', database: 'mariadb' }
const plain = { server: 'nginx', language: 'static', database: 'none' }

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop', stack: php } })
})
afterEach(async () => {
  await brain.end()
  expect(brain.logged).toEqual([])
})

const save = (content: string) =>
  alice.call('saveFile', { ...at, query: { path: 'note' }, body: { base: null, content: btoa(content) } })
const paths = async () =>
  (await alice.call('listFiles', { ...at, query: { path: '' } })).entries.map(({ name }) => name)
const site = () => alice.call('getSite', at)
const specOf = () => brain.engine.specOf('shop')

describe('another stack', () => {
  it('comes after a backup, with the same files; undone, the site holds what it held, and that can be undone too', async () => {
    brain.engine.calls.length = 0
    const ended = await alice.finish(brain, 'changeStack', { ...at, body: plain })
    expect(ended).toMatchObject({ kind: 'site.stack', state: 'done' })
    const acts = brain.engine.calls.filter((call) => /^(backup|stop|update|start|restore)/.test(call))
    expect(acts).toEqual(['backup shop', 'stop shop', 'update shop', 'start shop'])
    expect(specOf()).toMatchObject({ stack: plain, template: brain.engine.stock.find(plain)?.digest })
    expect(await site()).toMatchObject({ stack: plain, formerStack: php, state: 'running' })
    expect((await alice.call('listBackups', at)).backups).toMatchObject([{ id: ended.id, stack: php }])
    await save('of the new stack')
    expect(await paths()).toContain('note')
    expect((await alice.finish(brain, 'undoStack', at)).state).toBe('done')
    expect(await site()).toMatchObject({ stack: php, formerStack: plain, state: 'running' })
    expect(await paths()).not.toContain('note')
    await alice.finish(brain, 'undoStack', at)
    expect(await site()).toMatchObject({ stack: plain })
    expect(await paths()).toContain('note')
  })

  it('on which the site does not start is left again, with what was there', async () => {
    brain.engine.failNext('start', new AppError('timed_out', 'nginx did not answer.'))
    const ended = await alice.finish(brain, 'changeStack', { ...at, body: plain })
    expect(ended).toMatchObject({ state: 'failed', error: { message: 'nginx did not answer.' } })
    expect(await site()).toMatchObject({ stack: php, state: 'running' })
    expect(await site()).not.toHaveProperty('formerStack')
    expect(specOf()?.stack).toEqual(php)
  })

  it('that there is not, or is its own, is refused; without a change there is nothing to undo', async () => {
    const refused = async (body: typeof php) => (await alice.send('changeStack', { ...at, body })).json().error
    expect(await refused({ ...php, language: 'cobol' })).toMatchObject({ code: 'invalid' })
    expect(await refused(php)).toMatchObject({ code: 'conflict', message: 'shop is nginx-php-mariadb already.' })
    expect((await alice.send('undoStack', at)).statusCode).toBe(409)
  })

  it('cannot be undone without the backup', async () => {
    const { id } = await alice.finish(brain, 'changeStack', { ...at, body: plain })
    await alice.call('removeBackup', { params: { ...at.params, id } })
    expect((await alice.send('undoStack', at)).statusCode).toBe(404)
    expect(await site()).toMatchObject({ stack: plain })
  })
})

describe('a model', () => {
  const bob = () => new PanelClient(app).signIn('bob')
  const models = async (who: PanelClient) => (await who.call('siteDefaults')).models.map(({ name }) => name)

  it('is what its owner’s new sites may begin as a copy of: files, stack, variables', async () => {
    await save('from the model')
    await alice.finish(brain, 'changeEnvironment', { ...at, body: { variables: { API_KEY: 'a secret' } } })
    expect(await models(alice)).toEqual([])
    expect(await alice.call('setModel', { ...at, body: { modelFor: 'owner' } })).toMatchObject({ modelFor: 'owner' })
    expect([await models(alice), await models(await bob())]).toEqual([['shop'], []])
    const ended = await alice.finish(brain, 'createSite', { body: { name: 'second', model: 'shop' } })
    expect(ended.state).toBe('done')
    const copy = brain.engine.specOf('second')
    expect(copy).toMatchObject({ stack: php, settings: { environment: { API_KEY: 'a secret' } } })
    expect(brain.engine.calls).toContain('copy second')
    const second = { params: { name: 'second' }, query: { path: '' } }
    expect((await alice.call('listFiles', second)).entries.map(({ name }) => name)).toContain('note')
    expect(await alice.call('getSite', { params: { name: 'second' } })).toMatchObject({ modelFor: 'nobody' })
  })

  it('for everybody gives what is in it, not the secrets of its code', async () => {
    await alice.finish(brain, 'changeEnvironment', { ...at, body: { variables: { API_KEY: 'a secret' } } })
    await alice.call('setModel', { ...at, body: { modelFor: 'everybody' } })
    const other = await bob()
    expect(await models(other)).toEqual(['shop'])
    await other.finish(brain, 'createSite', { body: { name: 'mine', model: 'shop' } })
    expect(brain.engine.specOf('mine')?.settings.environment).toEqual({})
    expect(await other.call('getSite', { params: { name: 'mine' } })).toMatchObject({ owner: 'bob', stack: php })
  })

  it('of somebody else is not found, and none goes with a stack of its own', async () => {
    await alice.call('setModel', { ...at, body: { modelFor: 'owner' } })
    const refused = async (body: object) =>
      (await (await bob()).send('createSite', { body: { name: 'mine', ...body } })).json().error
    expect(await refused({ model: 'shop' })).toMatchObject({ code: 'not_found', fields: [{ path: 'model' }] })
    expect(await refused({ model: 'shop', stack: php })).toMatchObject({ code: 'invalid' })
  })
})
