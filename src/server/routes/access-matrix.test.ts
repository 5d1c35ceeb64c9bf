import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeFiles } from '../../../tests/helpers/fake-files.js'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { INPUTS } from '../../../tests/helpers/route-inputs.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ApiEntry } from '../../model/api/entry.js'
import { type ApiName, api } from '../../model/api.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { buildApp } from '../app.js'
import { createSite } from '../sites/create-site.js'
import { shareSite } from '../sites/share-site.js'

const ROLES = [
  'anonymous',
  'guest',
  'stranger',
  'viewer',
  'editor',
  'manager',
  'owner',
  'administrator',
  'root',
  'reader',
  'writer',
  'elsewhere',
] as const
type Role = (typeof ROLES)[number]

/** y: let in; 1: sign in first; 3: forbidden; 4: not found. One letter per role, in their order. */
const EXPECTED: Record<ApiName, string> = {
  signIn: 'yyyyyyyyyyyy',
  signOut: '1yyyyyyyy333',
  me: '1yyyyyyyyyyy',
  welcome: 'yyyyyyyyyyyy',
  siteDefaults: '1yyyyyyyyyyy',
  checkName: '1yyyyyyyyyyy',
  listSites: '1yyyyyyyyyyy',
  createSite: '13yyyyyyy3y3',
  getSite: '133yyyyyyyy3',
  startSite: '1333yyyyy3y3',
  stopSite: '1333yyyyy3y3',
  restartSite: '1333yyyyy3y3',
  destroySite: '133333yyy3y3',
  setLimits: '13333yyyy3y3',
  setPackages: '13333yyyy3y3',
  changeStack: '13333yyyy3y3',
  undoStack: '13333yyyy3y3',
  setModel: '13333yy3y3y3',
  listDomains: '13333yyyyyy3',
  ...{ addDomain: '13333yyyy3y3', checkDomain: '13333yyyy3y3', removeDomain: '13333yyyy3y3' },
  ...{ setCertificate: '13333yyyy3y3', removeCertificate: '13333yyyy3y3' },
  ...{ listRecords: '13333yyyyyy3', addRecord: '13333yyyy3y3', removeRecord: '13333yyyy3y3' },
  getSettings: '13333yyyyyy3',
  changeSettings: '13333yyyy3y3',
  foresee: '13333yyyy3y3',
  purgeCache: '13333yyyy3y3',
  enterSite: '1yyyyyyyy3y3',
  siteAccess: '1333yyy3y3y3',
  rotatePassword: '1333yyy3y3y3',
  setSftpKeys: '1333yyy3y3y3',
  siteEnvironment: '1333yyy3y3y3',
  changeEnvironment: '1333yyy3y3y3',
  deployState: '1333yyy3yyy3',
  undoDeploy: '1333yyy3y3y3',
  listCollaborators: '133yyyyyyyy3',
  setCollaborator: '13333yy3y3y3',
  removeCollaborator: '13333yy3y3y3',
  execInSite: '1333yyy3y3y3',
  siteLogs: '1333yyy3yyy3',
  followLogs: '1333yyy3yyy3',
  siteMetrics: '133yyyyyyyy3',
  sitePrograms: '1333yyy3yyy3',
  listFiles: '1333yyy3yyy3',
  readFile: '1333yyy3yyy3',
  saveFile: '1333yyy3y3y3',
  removeFile: '1333yyy3y3y3',
  makeFolder: '1333yyy3y3y3',
  renameFile: '1333yyy3y3y3',
  listKeys: '1yyyyyyyy333',
  addKey: '1yyyyyyyy333',
  removeKey: '1yyyyyyyy333',
  listTokens: '1yyyyyyyy333',
  createToken: '1yyyyyyy3333',
  removeToken: '1yyyyyyyy333',
  listSessions: '1yyyyyyyy333',
  endSession: '1yyyyyyyy333',
  endOtherSessions: '1yyyyyyyy333',
  ...{ listActivity: '13333yyyyyy3', listAllActivity: '1333333yy333' },
  listOperations: '1yyyyyyyyyyy',
  searchOperations: '1333333yy333',
  getOperation: '144yyyyyyyy4',
  cancelOperation: '1443yyyyy3y3',
  events: '1yyyyyyyyyyy',
  platform: '1333333yy333',
  listAllNames: '1333333yy333',
  metrics: '1333333yy333',
  readAudit: '1333333yy333',
  runDoctor: '1333333yy333',
  ...{ listAnnouncements: '1333333yy333', createAnnouncement: '1333333yy333' },
  ...{ changeAnnouncement: '1333333yy333', removeAnnouncement: '1333333yy333' },
  listPeople: '1333333yy333',
  setPerson: '1333333yy333',
  listTemplates: '1333333yy333',
  buildTemplate: '1333333yy333',
  checkTemplates: '1333333yy333',
  updateTemplates: '1333333yy333',
  removeTemplate: '1333333yy333',
  rollBackSite: '13333yyyy3y3',
  copyFile: '1333yyy3y3y3',
  setFileMode: '1333yyy3y3y3',
  downloadFile: '1333yyy3yyy3',
  uploadFile: '1333yyy3y3y3',
  findUpload: '1333yyy3yyy3',
  peekArchive: '1333yyy3yyy3',
  unpackArchive: '1333yyy3y3y3',
  searchFiles: '1333yyy3yyy3',
  lookAtDatabase: '1333yyy3yyy3',
  databaseRows: '1333yyy3yyy3',
  runSql: '1333yyy3y3y3',
  exportDatabase: '1333yyy3yyy3',
  importDatabase: '1333yyy3y3y3',
  openTerminal: '1333yyy3y3y3',
  joinTerminal: '1333yyy3yyy3',
  listBackups: '1333yyy3yyy3',
  listAllBackups: '1333333yy333',
  backUpSite: '1333yyyyy3y3',
  setBackupPlan: '13333yyyy3y3',
  proveBackup: '1333yyy3y3y3',
  removeBackup: '133333yyy3y3',
  restoreBackup: '1333yyy3y3y3',
  restoreAsSite: '1333yyy3y3y3',
  backupFiles: '1333yyy3yyy3',
  downloadBackup: '1333yyy3yyy3',
  restoreArchive: '13yyyyyyy3y3',
  fetchBackup: '1333yyy3y3y3',
  listOffSite: '1333333yy333',
  fetchOffSite: '1333333yy333',
  restoreOffSite: '1333333yy333',
  cloneSite: '1333yyy3y3y3',
  handOver: '133333yyy3y3',
  listTrash: '1yyyyyyyyyyy',
  recoverSite: '144444444343',
  purgeSite: '144444444343',
  rollOutTemplates: '1333333yy333',
  sleepSite: '1333yyyyy3y3',
  setIdleTime: '13333yyyy3y3',
}

const SHARES = [
  ['vera', 'view'],
  ['eddie', 'edit'],
  ['max', 'manage'],
  ['claire', 'view'],
] as const
const SITE = {
  name: 'shop',
  owner: 'alice',
  stack: DEFAULT_STACK,
  limits: DEFAULT_LIMITS,
  domains: [],
  start: true,
}
/** Tokens of the owner. */
const TOKENS = {
  reader: { scope: 'read' },
  writer: { scope: 'write' },
  elsewhere: { scope: 'write', site: 'other' },
} as const
const STATUS: Record<string, number> = { 1: 401, 3: 403, 4: 404 }
/** What who is let in is answered where it is not success: there is no such template, the operation has ended, the site is for everybody. */
const LET_IN: Partial<Record<ApiName, number>> = {
  ...{ removeTemplate: 404, cancelOperation: 409, handOver: 409, enterSite: 404, undoDeploy: 409 },
  ...{ removeKey: 404, removeToken: 404, changeAnnouncement: 404, removeAnnouncement: 404 },
  // A backup of that id is none of the site's.
  ...{
    proveBackup: 404,
    removeBackup: 404,
    restoreBackup: 404,
    restoreAsSite: 404,
    backupFiles: 404,
    downloadBackup: 404,
  },
  // No repository is configured, and no copy was fetched.
  ...{ fetchBackup: 409, listOffSite: 409, fetchOffSite: 409, restoreOffSite: 404 },
  // The body is no archive.
  restoreArchive: 400,
  uploadFile: 400,
  importDatabase: 400,
  // The site has no database.
  ...{ lookAtDatabase: 404, databaseRows: 404, runSql: 404, exportDatabase: 404 },
  joinTerminal: 400,
  rollBackSite: 409,
  changeStack: 409,
  undoStack: 409,
  // It is no name of the site's.
  ...{ checkDomain: 404, removeDomain: 404, setCertificate: 404, removeCertificate: 404 },
  // The administrator has not allowed any; there is none.
  ...{ addRecord: 403, removeRecord: 404 },
}
const FILES = { 'public/index.php': 'hello', 'private/.keep': '', 'archive.zip': '{"in.txt":"in"}' }

describe('who may use which route', () => {
  let brain: TestBrain
  let panel: FastifyInstance
  let root: FastifyInstance
  let clients: Record<Exclude<Role, 'root'>, PanelClient>
  let operation: string
  const PEOPLE = {
    guest: 'guest',
    stranger: 'bob',
    viewer: 'vera',
    editor: 'eddie',
    manager: 'max',
    owner: 'alice',
    administrator: 'admin',
  }

  beforeAll(async () => {
    brain = await openTestBrain()
    panel = await buildApp(brain.dependencies, PANEL)
    root = await buildApp(brain.dependencies, 'root')
    await Promise.all([panel.ready(), root.ready()])
    for (const login of ['vera', 'eddie', 'max']) brain.directory.add(login, `${login}-pass`, { creator: true })
    const signed = Object.entries(PEOPLE).map(async ([role, login]) => [
      role,
      await new PanelClient(panel).signIn(login),
    ])
    clients = { anonymous: new PanelClient(panel), ...Object.fromEntries(await Promise.all(signed)) }
    await makeSite()
    await createSite(brain.dependencies, { ...SITE, name: 'other' }, 'alice')
    for (const [role, wanted] of Object.entries(TOKENS)) {
      const { secret } = await brain.dependencies.tokens.create('alice', { name: role, days: 1, ...wanted })
      clients[role as keyof typeof TOKENS] = withToken(secret)
    }
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
      if ((name === 'events' || name === 'followLogs') && expected === 'y') return expectStream(client, name, input)
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
        .replace(':key', '6f1c1c1e-0000-4000-8000-000000000001')
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
    if (role in TOKENS) return clientOf(role)
    if (role === 'root' || role === 'anonymous') return new PanelClient(role === 'root' ? root : panel)
    return new PanelClient(panel).signIn(PEOPLE[role as keyof typeof PEOPLE])
  }
  const withToken = (secret: string) => {
    const client = new PanelClient(panel)
    client.headers = { host: 'ruche.localhost', authorization: `Bearer ${secret}` }
    return client
  }
  const makeSite = async () => {
    const { operation: made } = await createSite(brain.dependencies, SITE, 'alice')
    await brain.dependencies.operations.ended(made.id)
    operation = made.id
    await share()
  }
  const share = async () => {
    for (const [login, right] of SHARES) await shareSite(brain.dependencies, 'shop', { login, right }, 'alice')
  }
  // The matrix deletes and creates: each case finds the site there, running, and nobody busy with it.
  const settle = async () => {
    await brain.dependencies.operations.drain(2000)
    for (const name of ['another', 'cloned'])
      if (brain.engine.cells.has(name))
        await new PanelClient(root).finish(brain, 'destroySite', { params: { name }, query: { purge: 'true' } })
    for (const table of ['released_names', 'domains'] as const)
      await brain.dependencies.register.db.deleteFrom(table).execute()
    if (!brain.engine.cells.has('shop')) await makeSite()
    await brain.dependencies.operations.drain(2000)
    await share()
    const cell = brain.engine.cells.get('shop')
    if (cell) cell.files = new FakeFiles(FILES)
  }
})

async function expectStream(client: PanelClient, name: ApiName, input: object): Promise<void> {
  const abort = new AbortController()
  const answer = client.send(name, input, { payloadAsStream: true, signal: abort.signal })
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
