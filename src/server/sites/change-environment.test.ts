import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PANEL, PanelClient, until } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { findSite } from '../register/sites.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const at = { params: { name: 'shop' } }

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

const given = () => brain.engine.specOf('shop')?.settings.environment
const change = (variables: Record<string, string | null>) =>
  alice.finish(brain, 'changeEnvironment', { ...at, body: { variables } })

it('gives the container what is set, without what was taken away', async () => {
  expect(given()).toEqual({})
  expect(await change({ API_KEY: 'hush', MODE: 'test' })).toMatchObject({ kind: 'site.environment', state: 'done' })
  expect(given()).toEqual({ API_KEY: 'hush', MODE: 'test' })
  await change({ MODE: null, MOTTO: 'two\nlines' })
  expect(given()).toEqual({ API_KEY: 'hush', MOTTO: 'two\nlines' })
})

it('tells names, and values only when they are asked for', async () => {
  await change({ API_KEY: 'hush-hush' })
  const names = await alice.send('siteEnvironment', { ...at, query: {} })
  expect(names.json()).toEqual({ names: ['API_KEY'] })
  const values = await alice.send('siteEnvironment', { ...at, query: { values: 'true' } })
  expect(values.json()).toEqual({ names: ['API_KEY'], values: { API_KEY: 'hush-hush' } })
  for (const route of ['getSite', 'listSites', 'listOperations', 'siteLogs'] as const)
    expect((await alice.send(route, { ...at, query: {} })).body, route).not.toContain('hush-hush')
  expect(JSON.stringify(await findSite(brain.dependencies.register.db, 'shop'))).not.toContain('hush-hush')
})

it('refuses names that are not the owner’s, and more than fits, and changes nothing', async () => {
  await change({ API_KEY: 'hush' })
  const refused = async (variables: Record<string, string>) => {
    const answer = await alice.send('changeEnvironment', { ...at, body: { variables } })
    expect(answer.statusCode, answer.body).toBe(400)
    expect(given()).toEqual({ API_KEY: 'hush' })
    return answer.json().error
  }
  expect(await refused({ DATABASE_PASSWORD: 'mine', MODE: 'test' })).toMatchObject({
    message: 'The request is not valid: variables.DATABASE_PASSWORD: the platform gives this variable itself',
    fields: [{ path: 'variables.DATABASE_PASSWORD' }],
  })
  expect(await refused({ LD_PRELOAD: '/home/site/mine.so' })).toMatchObject({ code: 'invalid' })
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`V${n}`, '']))
  expect((await refused(many)).message).toContain('at most 100 variables')
})

it('has the old ones again when the engine refuses', async () => {
  await change({ API_KEY: 'hush' })
  brain.engine.failNext('update', new AppError('host_failed', 'No.'))
  expect((await change({ API_KEY: 'other' })).state).toBe('failed')
  brain.reconciler.poke()
  await until('the old ones are given again', async () => given()?.API_KEY === 'hush')
  expect((await alice.call('siteEnvironment', { ...at, query: { values: 'true' } })).values).toEqual({
    API_KEY: 'hush',
  })
})
