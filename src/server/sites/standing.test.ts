import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'
import { shareSite } from './share-site.js'
import { checkStanding, planTurn } from './standing.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let bob: PanelClient

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  bob = await new PanelClient(app).signIn('bob')
  for (const name of ['one', 'two']) await alice.finish(brain, 'createSite', { body: { name } })
  await shareSite(brain.dependencies, 'two', { login: 'bob', right: 'edit' }, 'alice')
})
afterEach(async () => {
  await brain.end()
  expect(brain.logged).toEqual([])
})

const keyOf = (n: number) => {
  const type = Buffer.from('ssh-ed25519')
  const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), type, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, n)])
  return `ssh-ed25519 ${blob.toString('base64')}`
}
const settings = (name: string) => brain.engine.specOf(name)?.settings
const keys = (name: string) => settings(name)?.sftpKeys.map((line) => line.split(' ')[2])
const sweep = () => checkStanding(brain.dependencies, brain.directory)

describe('keys of people', () => {
  it('open every site whose content their person may change, and no other', async () => {
    const laptop = await alice.call('addKey', { body: { key: `${keyOf(1)} laptop` } })
    await bob.call('addKey', { body: { key: `${keyOf(2)} desk` } })
    expect([keys('one'), keys('two')]).toEqual([['laptop'], ['laptop', 'desk']])
    await alice.call('setCollaborator', { params: { name: 'two', login: 'bob' }, body: { right: 'view' } })
    expect(keys('two')).toEqual(['laptop'])
    await alice.call('removeKey', { params: { id: laptop.id } })
    expect([keys('one'), keys('two')]).toEqual([[], []])
  })

  it('are there in a site that is made later', async () => {
    await alice.call('addKey', { body: { key: `${keyOf(1)} laptop` } })
    await alice.finish(brain, 'createSite', { body: { name: 'three' } })
    expect(keys('three')).toEqual(['laptop'])
  })

  it('are refused when they are none, twice the same, or too many', async () => {
    const add = async (key: string) => (await alice.send('addKey', { body: { key } })).statusCode
    expect(await add('-----BEGIN OPENSSH PRIVATE KEY-----')).toBe(400)
    expect(await add(`command="sh" ${keyOf(1)}`)).toBe(400)
    expect(await add(keyOf(1))).toBe(200)
    expect(await add(`${keyOf(1)} again`)).toBe(409)
    for (let n = 2; n <= 10; n++) expect(await add(keyOf(n))).toBe(200)
    expect(await add(keyOf(11))).toBe(429)
    const [first] = (await alice.call('listKeys')).keys
    expect((await bob.send('removeKey', { params: { id: first?.id } })).statusCode).toBe(404)
  })
})

describe('AUT-9: who the directory no longer lets in', () => {
  it('loses keys, passwords, sessions and tokens, and has the keys back when they are back', async () => {
    await bob.call('addKey', { body: { key: `${keyOf(2)} desk` } })
    const { secret } = await bob.call('createToken', { body: { name: 't', scope: 'read', days: 1 } })
    const password = settings('two')?.sftpPasswordHash
    await sweep()
    expect(keys('two')).toEqual(['desk'])
    const account = brain.directory.accounts.get('bob')
    brain.directory.accounts.delete('bob')
    const before = brain.directory.questions
    await sweep()
    expect(keys('two')).toEqual([])
    expect(settings('two')?.sftpPasswordHash).not.toBe(password)
    expect((await bob.send('me')).statusCode).toBe(401)
    expect(await brain.dependencies.tokens.resume(secret, '')).toBeUndefined()
    expect(brain.directory.questions).toBeGreaterThan(before)
    const after = settings('two')
    await sweep()
    expect(settings('two')).toEqual(after)
    if (account) brain.directory.accounts.set('bob', account)
    await sweep()
    expect(keys('two')).toEqual(['desk'])
  })

  it('keeps what it has while the directory is silent', async () => {
    await alice.call('addKey', { body: { key: `${keyOf(1)} laptop` } })
    brain.directory.isAway = true
    await sweep()
    expect(keys('one')).toEqual(['laptop'])
  })

  it('leaves nothing to another person of the same name', async () => {
    await bob.call('addKey', { body: { key: `${keyOf(2)} desk` } })
    await sweep()
    brain.directory.add('bob', 'new-pass', { directoryId: 'another-entry' })
    await sweep()
    expect(keys('two')).toEqual([])
    expect((await alice.call('listCollaborators', { params: { name: 'two' } })).collaborators).toEqual([])
    const newBob = await new PanelClient(app).signIn('bob', 'new-pass')
    expect((await newBob.call('listKeys')).keys).toEqual([])
    expect((await newBob.call('listSites', { query: {} })).sites).toEqual([])
  })

  it('is decided by what was known and what is said', () => {
    const known = { gone_at: null, directory_id: 'a' }
    const gone = { gone_at: '2026-01-01T00:00:00Z', directory_id: 'a' }
    expect(planTurn(undefined, undefined)).toBe('gone')
    expect(planTurn(known, undefined)).toBe('gone')
    expect(planTurn(gone, undefined)).toBeUndefined()
    expect(planTurn(gone, 'a')).toBe('back')
    expect(planTurn(gone, 'b')).toBe('replaced')
    expect(planTurn(known, 'b')).toBe('replaced')
    expect(planTurn(known, 'a')).toBeUndefined()
    expect(planTurn(undefined, 'a')).toBe('met')
  })
})
