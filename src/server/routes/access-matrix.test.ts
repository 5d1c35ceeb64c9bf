import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeFiles } from '../../../tests/helpers/fake-files.js'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ApiEntry } from '../../model/api/entry.js'
import { type ApiName, api } from '../../model/api.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { buildApp } from '../app.js'
import { createSite } from '../sites/create-site.js'

type Role = 'anonymous' | 'guest' | 'stranger' | 'owner' | 'administrator' | 'root'
const ROLES: Role[] = ['anonymous', 'guest', 'stranger', 'owner', 'administrator', 'root']

/** y: let in; 1: sign in first; 3: forbidden; 4: not found. One letter per role, in their order. */
const EXPECTED: Record<ApiName, string> = {
  signIn: 'yyyyyy',
  signOut: '1yyyyy',
  me: '1yyyyy',
  welcome: 'yyyyyy',
  siteDefaults: '1yyyyy',
  checkName: '1yyyyy',
  listSites: '1yyyyy',
  createSite: '13yyyy',
  getSite: '133yyy',
  startSite: '133yyy',
  stopSite: '133yyy',
  restartSite: '133yyy',
  rollBackSite: '133yyy',
  destroySite: '133yyy',
  setLimits: '133yyy',
  setDomains: '133yyy',
  getSettings: '133yyy',
  changeSettings: '133yyy',
  foresee: '133yyy',
  purgeCache: '133yyy',
  enterSite: '1yyyyy',
  siteAccess: '133y3y',
  rotatePassword: '133y3y',
  setSftpKeys: '133y3y',
  siteEnvironment: '133y3y',
  changeEnvironment: '133y3y',
  execInSite: '133y3y',
  siteLogs: '133y3y',
  sitePrograms: '133y3y',
  listFiles: '133y3y',
  readFile: '133y3y',
  saveFile: '133y3y',
  removeFile: '133y3y',
  makeFolder: '133y3y',
  renameFile: '133y3y',
  copyFile: '133y3y',
  setFileMode: '133y3y',
  downloadFile: '133y3y',
  uploadFile: '133y3y',
  findUpload: '133y3y',
  peekArchive: '133y3y',
  unpackArchive: '133y3y',
  searchFiles: '133y3y',
  openTerminal: '133y3y',
  joinTerminal: '133y3y',
  listBackups: '133y3y',
  backUpSite: '133y3y',
  setBackupPlan: '133yyy',
  proveBackup: '133y3y',
  removeBackup: '133yyy',
  restoreBackup: '133y3y',
  restoreAsSite: '133y3y',
  backupFiles: '133y3y',
  downloadBackup: '133y3y',
  restoreArchive: '13yyyy',
  cloneSite: '133y3y',
  handOver: '133yyy',
  listTrash: '1yyyyy',
  recoverSite: '144444',
  purgeSite: '144444',
  listOperations: '1yyyyy',
  getOperation: '144yyy',
  cancelOperation: '144yyy',
  events: '1yyyyy',
  platform: '1333yy',
  runDoctor: '1333yy',
  listPeople: '1333yy',
  setPerson: '1333yy',
  listTemplates: '1333yy',
  buildTemplate: '1333yy',
  checkTemplates: '1333yy',
  updateTemplates: '1333yy',
  rollOutTemplates: '1333yy',
  removeTemplate: '1333yy',
}

const STATUS: Record<string, number> = { 1: 401, 3: 403, 4: 404 }
/** What who is let in is answered where it is not success: there is no such template, the operation has ended, the site is for everybody. */
const LET_IN: Partial<Record<ApiName, number>> = {
  ...{ removeTemplate: 404, cancelOperation: 409, handOver: 409, enterSite: 404 },
  // A backup of that id is none of the site's.
  ...{
    proveBackup: 404,
    removeBackup: 404,
    restoreBackup: 404,
    restoreAsSite: 404,
    backupFiles: 404,
    downloadBackup: 404,
  },
  // The body is no archive.
  restoreArchive: 400,
  uploadFile: 400,
  joinTerminal: 400,
  rollBackSite: 409,
}
const key = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)]).toString('base64')}`
const FILES = { 'public/index.php': 'hello', 'private/.keep': '', 'archive.zip': '{"in.txt":"in"}' }
/** Input that each route would take, so that a refusal is about the person alone. */
const INPUTS: Partial<Record<ApiName, object>> = {
  signIn: { body: { login: 'alice', password: 'alice-pass' } },
  createSite: { body: { name: 'another', start: false } },
  checkName: { params: { name: 'another' } },
  setLimits: { body: { cpuMilli: 500 } },
  setDomains: { body: { domains: [] } },
  changeSettings: { body: { noindex: true } },
  foresee: { body: { address: '/' } },
  enterSite: { body: { host: 'shop.sites.localhost', to: '/' } },
  rotatePassword: { body: { which: 'sftp' } },
  setSftpKeys: { body: { keys: [key] } },
  changeEnvironment: { body: { variables: { API_KEY: 'a secret' } } },
  execInSite: { body: { argv: ['true'] } },
  listFiles: { query: { path: '' } },
  readFile: { query: { path: 'public/index.php' } },
  saveFile: { query: { path: 'new' }, body: { base: null, content: '' } },
  removeFile: { query: { path: 'private/.keep' } },
  makeFolder: { query: { path: 'folder' } },
  renameFile: { body: { from: 'private', to: 'hidden' } },
  copyFile: { body: { from: 'private', to: 'copied' } },
  setFileMode: { query: { path: 'private' }, body: { mode: 0o700 } },
  downloadFile: { query: { path: 'public/index.php' } },
  // Without a body there is nothing to take: that is said to who is let in.
  uploadFile: { query: { path: 'uploaded', sizeBytes: '4' } },
  findUpload: { query: { path: 'uploaded', upload: '0123456789abcdef' } },
  peekArchive: { query: { path: 'archive.zip', into: '' } },
  unpackArchive: { body: { path: 'archive.zip', into: '', replace: false } },
  searchFiles: { query: { path: '', text: 'index', where: 'names' } },
  openTerminal: { body: { size: { rows: 24, columns: 80 } } },
  joinTerminal: { query: { ticket: 'x'.repeat(43) } },
  setBackupPlan: { body: { daily: true, keepDaily: 7, keepWeekly: 4 } },
  restoreBackup: { body: {} },
  restoreAsSite: { body: { name: 'copied' } },
  restoreArchive: { query: { name: 'brought' } },
  cloneSite: { body: { name: 'cloned' } },
  handOver: { body: { owner: 'alice' } },
  recoverSite: { params: { id: '6f1c1c1e-0000-4000-8000-000000000001' }, body: {} },
  purgeSite: { params: { id: '6f1c1c1e-0000-4000-8000-000000000001' } },
  setPerson: { params: { login: 'bob' }, body: { reason: 'test' } },
  buildTemplate: { body: { stack: DEFAULT_STACK } },
  updateTemplates: { body: {} },
  rollOutTemplates: { body: {} },
  removeTemplate: { params: { digest: '0'.repeat(64) } },
}

describe('who may use which route', () => {
  let brain: TestBrain
  let panel: FastifyInstance
  let root: FastifyInstance
  let clients: Record<Exclude<Role, 'root'>, PanelClient>
  let operation: string

  beforeAll(async () => {
    brain = await openTestBrain()
    panel = await buildApp(brain.dependencies, PANEL)
    root = await buildApp(brain.dependencies, 'root')
    await Promise.all([panel.ready(), root.ready()])
    const sign = (login: string) => new PanelClient(panel).signIn(login)
    clients = {
      anonymous: new PanelClient(panel),
      guest: await sign('guest'),
      stranger: await sign('bob'),
      owner: await sign('alice'),
      administrator: await sign('admin'),
    }
    const site = {
      name: 'shop',
      owner: 'alice',
      stack: DEFAULT_STACK,
      limits: DEFAULT_LIMITS,
      domains: [],
      start: true,
    }
    const begun = await createSite(brain.dependencies, site, 'alice')
    operation = begun.operation.id
    await brain.dependencies.operations.ended(operation)
  })
  afterAll(() => brain.end())

  it('AUT-3: has an entry for every route, and no other route is registered', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(api).sort())
    const listed = Object.values(api).map(({ method, path }) => `${method} ${path}`)
    for (const app of [panel, root]) expect(routesOf(app).sort()).toEqual([...new Set(listed)].sort())
  })

  for (const name of Object.keys(api) as ApiName[])
    it.each(ROLES)(`AUT-3: ${name} as %s`, async (role) => {
      const expected = EXPECTED[name][ROLES.indexOf(role)] ?? ''
      // A session of its own where the call ends it, so that the others live on.
      const client = name === 'signOut' || name === 'signIn' ? await freshClient(role) : clientOf(role)
      const input = { params: { name: 'shop', id: operation }, ...INPUTS[name] }
      if (name === 'events' && expected === 'y') return expectStream(client)
      const answer = await client.send(name, input)
      expect(answer.statusCode, answer.body).toBe(expected === 'y' ? (LET_IN[name] ?? 200) : STATUS[expected])
      await settle()
      return undefined
    })

  // What a proxy, a framework or a client might take for the same as a route that is there.
  const ASIDE: [string, string, Record<string, string>?][] = [
    ['HEAD', ''],
    ['OPTIONS', ''],
    ['TRACE', ''],
    ['PROPFIND', ''],
    ['POST', '', { 'x-http-method-override': 'METHOD' }],
    ['POST', '?_method=METHOD', { 'x-method-override': 'METHOD', 'x-http-method': 'METHOD' }],
    ['METHOD', '/'],
    ['METHOD', '//'],
    ['METHOD', ';x=1'],
    ['METHOD', '.json'],
    ['METHOD', '%2f'],
    ['METHOD', '%00'],
  ]
  // `checkName` answers for any text.
  it.each((Object.keys(api) as ApiName[]).filter((name) => name !== 'checkName'))(
    'AUT-3: %s is not reached by a detour',
    async (name) => {
      const { method, path } = api[name] as ApiEntry
      const url = path
        .replace(':name', 'shop')
        .replace(':id', operation)
        .replace(':login', 'alice')
        .replace(':digest', '0'.repeat(64))
      for (const [verb, more, headers] of ASIDE) {
        const named = Object.fromEntries(
          Object.entries(headers ?? {}).map(([key, value]) => [key, value.replace('METHOD', method)]),
        )
        const wanted = verb.replace('METHOD', method)
        if (wanted === 'POST' && Object.values(api).some((one) => one.method === 'POST' && one.path === path)) continue
        const request = { method: wanted as 'GET', url: url + more.replace('METHOD', method) }
        const answer = await clients.stranger.send(name, INPUTS[name], { ...request, headers: named })
        expect([400, 403, 404], `${wanted} ${request.url}: ${answer.body}`).toContain(answer.statusCode)
        if (answer.statusCode === 400) expect(answer.body).toContain('is not valid')
        expect(answer.body).not.toContain('alice')
      }
      // Upper case is another address.
      expect((await clients.owner.send(name, INPUTS[name], { url: url.toUpperCase() })).statusCode).toBe(404)
    },
  )

  const clientOf = (role: Role) => (role === 'root' ? new PanelClient(root) : clients[role])
  const freshClient = async (role: Role) => {
    if (role === 'root' || role === 'anonymous') return new PanelClient(role === 'root' ? root : panel)
    return new PanelClient(panel).signIn(
      { guest: 'guest', stranger: 'bob', owner: 'alice', administrator: 'admin' }[role],
    )
  }
  // The matrix deletes and creates: each case finds the site there, running, and nobody busy with it.
  const settle = async () => {
    await brain.dependencies.operations.drain(2000)
    for (const name of ['another', 'cloned'])
      if (brain.engine.cells.has(name))
        await new PanelClient(root).finish(brain, 'destroySite', { params: { name }, query: { purge: 'true' } })
    if (!brain.engine.cells.has('shop'))
      await createSite(
        brain.dependencies,
        { name: 'shop', owner: 'alice', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, domains: [], start: true },
        'alice',
      )
    await brain.dependencies.operations.drain(2000)
    const cell = brain.engine.cells.get('shop')
    if (cell) cell.files = new FakeFiles(FILES)
  }
})

async function expectStream(client: PanelClient): Promise<void> {
  const abort = new AbortController()
  const answer = client.send('events', {}, { payloadAsStream: true, signal: abort.signal })
  expect((await answer).statusCode).toBe(200)
  abort.abort()
}

/** `METHOD path` of everything that is registered, read from the router's own tree. */
function routesOf(app: FastifyInstance): string[] {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const match = /^(.*)── (\S+) \(([A-Z, ]+)\)$/.exec(line)
      if (!match) return []
      const depth = (match[1]?.length ?? 0) / 4
      const path = (above[Math.floor(depth) - 1] ?? '') + match[2]
      above[Math.floor(depth)] = path
      return (match[3] ?? '').split(', ').map((method) => `${method} ${path}`)
    })
}
