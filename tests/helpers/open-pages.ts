import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { DEFAULT_LIMITS } from '../../src/model/limits.js'
import { DEFAULT_STACK, type Stack } from '../../src/model/stack.js'
import { MACHINE_ROOT } from '../../src/server/access/requester.js'
import { buildApp } from '../../src/server/app.js'
import type { OffSite } from '../../src/server/off-site/repository.js'
import { createSite } from '../../src/server/sites/create-site.js'
import { FAKE_PEOPLE } from './fake-directory.js'
import { FakeEngine } from './fake-engine.js'
import { openTestBrain, type TestBrain } from './test-brain.js'

/** The built pages on the whole server with a fake engine, and a browser in front of them. */
export interface Pages {
  origin: string
  brain: TestBrain
  /** What no page may do: errors in the console, and requests to anybody else. */
  complaints: string[]
  /** A browser of its own, signed in as that person unless undefined. */
  open(login: string | undefined, options?: BrowserContextOptions): Promise<Page>
  /** A site as if it had been there before. */
  addSite(name: string, owner: string, stack?: Partial<Stack>): Promise<void>
  close(): Promise<void>
}

const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']

/** Chromium itself writes a line for every refused request, also for those that a page expects and explains. */
const isExpected = (text: string) => /Failed to load resource: (the server responded|net::ERR_FAILED)/.test(text)

export async function openPages(configuration: Record<string, unknown> = {}, offSite?: OffSite): Promise<Pages> {
  const webFolder = await buildPages()
  const engine = new FakeEngine(['nginx-php-none', 'nginx-php-mariadb', 'nginx-static-none'])
  engine.delayMs = { create: 60, start: 200, stop: 80, update: 40, destroy: 80, buildTemplate: 200 }
  const brain = await openTestBrain({ engine, configuration, offSite, sampleAccounts: FAKE_PEOPLE })
  const port = await findFreePort()
  const origin = `http://localhost:${port}`
  const app = await buildApp(brain.dependencies, { origin, cookie: { name: 'ruche', secure: false }, webFolder })
  await app.listen({ host: '127.0.0.1', port })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET })
  const complaints: string[] = []
  return {
    origin,
    brain,
    complaints,
    open: (login, options) => openPage(browser, origin, complaints, login, options),
    async addSite(name, owner, stack) {
      const site = {
        name,
        owner,
        stack: { ...DEFAULT_STACK, ...stack },
        limits: DEFAULT_LIMITS,
        domains: [],
        start: true,
      }
      const { operation } = await createSite(brain.dependencies, site, MACHINE_ROOT.login)
      await brain.dependencies.operations.ended(operation.id)
    },
    async close() {
      await browser.close()
      await app.close()
      await brain.end()
      await rm(webFolder, { recursive: true, force: true })
    },
  }
}

/** Builds the pages as they are now into a folder of their own, as production has them. */
async function buildPages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-pages-'))
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder], { env })
  return folder
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => probe.once('listening', done))
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address ? address.port : 0
}

function listen(context: BrowserContext, origin: string, complaints: string[]): void {
  context.on('console', (message) => {
    const bad = message.type() === 'error' || message.type() === 'warning'
    if (bad && !isExpected(message.text()))
      complaints.push(
        `${message.text()} (${message.location().url}:${message.location().lineNumber}:${message.location().columnNumber})`,
      )
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('request', (request) => {
    if (!request.url().startsWith(origin) && request.url().startsWith('http')) complaints.push(`asks ${request.url()}`)
  })
}

async function openPage(
  browser: Browser,
  origin: string,
  complaints: string[],
  login: string | undefined,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options })
  listen(context, origin, complaints)
  if (login !== undefined) {
    const answer = await context.request.post('/api/session', {
      data: { login, password: `${login}-pass` },
      headers: { origin },
    })
    if (!answer.ok()) throw new Error(`${login} could not sign in: ${await answer.text()}`)
  }
  const page = await context.newPage()
  page.setDefaultTimeout(8_000)
  return page
}
