// Takes the pictures of the guides: `node scripts/screenshots.mjs [--web DIR] [--only NAME,NAME] [--language en|fr]`. The pages as built (npm run build) run on
// the whole server with a fake engine, so that no platform and no root is needed; Debian's Chromium takes the pictures.
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { toPalettePng } from './palette-png.mjs'
import { say } from './say.mjs'

process.chdir(new URL('..', import.meta.url).pathname)
const LOCALES = { en: 'en-GB', fr: 'fr-FR' }
const WIDE = { width: 1280, height: 720 }
const NARROW = { width: 390, height: 760 }
const { values: options } = parseArgs({
  options: {
    web: { type: 'string', default: 'dist/app/web' },
    only: { type: 'string' },
    language: { type: 'string' },
  },
})

/** `go` brings the page to what the picture shows; `login` is whose page it is; `site` asks for the page that visitors of that name see. */
const pictures = [
  { name: 'sign-in', path: '/sign-in', go: seeAccounts },
  { name: 'first-visit', login: 'bob', path: '/sites' },
  { name: 'create', login: 'alice', path: '/create', go: nameIsFree },
  { name: 'live', login: 'alice', path: '/create', go: createSite },
  { name: 'sites', login: 'alice', path: '/sites' },
  { name: 'site', login: 'alice', path: '/sites/recipes', go: openLastOperation },
  { name: 'files', login: 'alice', path: '/sites/recipes/files', go: openFile },
  { name: 'conflict', login: 'alice', path: '/sites/recipes/files', go: meetConflict },
  { name: 'graphs', login: 'alice', path: '/sites/recipes/graphs', go: seeGraphs },
  { name: 'logs', login: 'alice', path: '/sites/recipes/logs', go: seeLines },
  { name: 'terminal', login: 'alice', path: '/sites/recipes/terminal', go: seePrompt },
  { name: 'database', login: 'alice', path: '/sites/recipes/database?table=recipes', go: seeRows },
  { name: 'domains', login: 'alice', path: '/sites/recipes/domains', go: askForDomain },
  { name: 'visitors', login: 'alice', path: '/sites/recipes/visitors' },
  { name: 'backups', login: 'alice', path: '/sites/recipes/backups', go: seeProven },
  { name: 'sharing', login: 'alice', path: '/sites/recipes/people', go: letIn },
  { name: 'activity', login: 'alice', path: '/sites/recipes/activity' },
  { name: 'trash', login: 'claire', path: '/trash' },
  { name: 'profile', login: 'alice', path: '/profile' },
  { name: 'palette', login: 'alice', path: '/sites', go: openPalette },
  { name: 'access', login: 'alice', path: '/sites/recipes/access' },
  { name: 'settings', login: 'alice', path: '/sites/recipes/settings' },
  { name: 'delete', login: 'alice', path: '/sites/recipes/danger', go: askToDelete },
  { name: 'visitor-stopped', site: 'class-3b.sites.localhost' },
  { name: 'containers', login: 'admin', path: '/platform/containers', go: seeUse },
  { name: 'containers-selected', login: 'admin', path: '/platform/containers', go: selectTwo },
  { name: 'people', login: 'admin', path: '/platform/people' },
  { name: 'person', login: 'admin', path: '/platform/people', go: editPerson },
  { name: 'templates', login: 'admin', path: '/platform/templates' },
  { name: 'build-template', login: 'admin', path: '/platform/templates', go: askToBuild },
  { name: 'operations', login: 'admin', path: '/platform/operations' },
  { name: 'host', login: 'admin', path: '/platform/host' },
  { name: 'audit', login: 'admin', path: '/platform/audit' },
  { name: 'platform-activity', login: 'admin', path: '/platform/activity' },
  { name: 'doctor', login: 'admin', path: '/platform/doctor', go: seeVerdict },
  { name: 'narrow-sites', login: 'alice', path: '/sites', narrow: true },
  { name: 'narrow-site', login: 'alice', path: '/sites/recipes', narrow: true },
  { name: 'narrow-create', login: 'bob', path: '/create', go: nameIsFree, narrow: true },
  { name: 'narrow-files', login: 'alice', path: '/sites/recipes/files', go: openFile, narrow: true },
  { name: 'dark-sites', login: 'alice', path: '/sites', dark: true },
  { name: 'dark-files', login: 'alice', path: '/sites/recipes/files', go: openFile, dark: true },
  { name: 'dark-containers', login: 'admin', path: '/platform/containers', go: seeUse, dark: true },
]

async function seeAccounts(page) {
  await page.locator('.samples').waitFor()
}

async function seeVerdict(page) {
  await page.locator('.note').waitFor()
}

async function nameIsFree(page) {
  await page.getByText(/This name is free|Ce nom est libre/).waitFor()
}

async function createSite(page, { snap }) {
  await nameIsFree(page)
  await page.locator('button[type=submit]').click()
  await page
    .getByText(/Services answer|Les services répondent/)
    .first()
    .waitFor()
  await snap('creating')
  await page.locator('.live-panel').waitFor()
}

/** The use of CPU is known after two looks. */
async function seeUse(page) {
  await page
    .getByText(/^\d+([.,]\d+)? (of|sur) 1$/)
    .first()
    .waitFor({ timeout: 60_000 })
}

async function openLastOperation(page) {
  await seeUse(page)
  await page.locator('.operation summary').first().click()
}

async function openFile(page) {
  await page.getByRole('treeitem', { name: 'index.php' }).click()
  await page.locator('.cm-content').waitFor()
}

async function meetConflict(page, { origin }) {
  await openFile(page)
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText('<p>New this week: onion soup.</p>\n')
  const api = await openApi(page.context().request, origin)
  await api.saveFile('recipes', 'public/index.php', `${INDEX}<p>Closed on Monday.</p>\n`)
  await page.keyboard.press('Control+S')
  await page.getByRole('dialog').waitFor()
  return () => api.saveFile('recipes', 'public/index.php', INDEX)
}

async function seeGraphs(page) {
  await page.locator('.chart svg').first().waitFor()
}

async function seeLines(page) {
  await page.locator('.log-line').first().waitFor()
}

async function seePrompt(page) {
  await page.locator('.xterm-rows').getByText('$').first().waitFor()
}

async function seeRows(page) {
  await page.locator('.data-table tbody tr').first().waitFor()
}

async function askForDomain(page) {
  await page.locator('code').first().waitFor()
}

async function seeProven(page) {
  await page.locator('.proof.text-ok').first().waitFor()
}

async function letIn(page) {
  await page.locator('.add-line').waitFor()
}

async function openPalette(page) {
  await page.keyboard.press('Control+K')
  await page.keyboard.type('rec')
  await page.locator('.palette-option').first().waitFor()
}

async function askToDelete(page) {
  await page.locator('.btn-outline-danger').click()
  await page.getByRole('dialog').getByRole('textbox').fill('recipes')
}

async function selectTwo(page) {
  await seeUse(page)
  const boxes = page.locator('tbody input[type=checkbox]')
  await boxes.nth(0).check()
  await boxes.nth(1).check()
}

async function editPerson(page) {
  await page.getByRole('row').filter({ hasText: 'Claire' }).getByRole('button').click()
  await page.getByRole('dialog').waitFor()
}

async function askToBuild(page) {
  await page.locator('.page-header .btn-primary, main .btn-primary').first().click()
  await page.getByRole('dialog').getByRole('radio').first().waitFor()
}

const INDEX = `<?php
$database = new PDO(
    'mysql:unix_socket=' . getenv('DATABASE_SOCKET') . ';dbname=' . getenv('DATABASE_NAME'),
    getenv('DATABASE_USER'),
    getenv('DATABASE_PASSWORD'),
);
$recipes = $database->query('SELECT title, minutes FROM recipes ORDER BY title');
?>
<!doctype html>
<title>Recipes</title>
<h1>What we cook</h1>
<ul>
<?php foreach ($recipes as $recipe): ?>
  <li><?= htmlspecialchars($recipe['title']) ?>, <?= (int) $recipe['minutes'] ?> min</li>
<?php endforeach ?>
</ul>
`
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@laptop'

/** Sites and people as a small school has them. */
async function furnish({ origin, browser, makePast }) {
  const alice = await signIn(browser, origin, 'alice')
  const claire = await signIn(browser, origin, 'claire')
  const admin = await signIn(browser, origin, 'admin')
  await signIn(browser, origin, 'guest')
  await alice.create({
    name: 'recipes',
    stack: { server: 'nginx', language: 'php', database: 'mariadb' },
    domains: ['www.alice-cooks.example'],
  })
  await alice.create({ name: 'photo-club', stack: { server: 'nginx', language: 'static', database: 'none' } })
  for (const path of ['public/images', 'public/styles', 'private/notes']) await alice.makeFolder('recipes', path)
  await alice.saveFile('recipes', 'public/index.php', INDEX)
  await alice.saveFile('recipes', 'public/about.html', '<h1>About</h1>\n')
  await alice.saveFile('recipes', 'public/styles/main.css', 'h1 { color: #b45309 }\n')
  await alice.ask('PUT', '/api/sites/recipes/access/keys', { keys: [KEY] })
  await alice.ask('POST', '/api/sites/recipes/backups')
  await alice.ask('POST', '/api/sites/recipes/domains', { domain: 'www.onion-soup.example' })
  await alice.ask('PUT', '/api/sites/recipes/collaborators/bob', { right: 'edit' })
  await makePast('recipes')
  await claire.create({ name: 'old-homepage', start: false })
  await claire.ask('DELETE', '/api/sites/old-homepage')
  await claire.create({ name: 'class-3b', start: false })
  await claire.create({ name: 'library', stack: { server: 'nginx', language: 'php', database: 'mariadb' } })
  const decisions = {
    claire: { quota: { sites: 30, memoryBytes: 8 * 1024 ** 3 }, reason: 'One site per group of class 3B, until July' },
    guest: { decision: 'allowed', reason: 'Exchange student, until March' },
  }
  for (const [login, body] of Object.entries(decisions)) await admin.ask('PUT', `/api/people/${login}`, body)
}

async function signIn(browser, origin, login) {
  const context = await browser.newContext()
  const data = { login, password: `${login}-pass` }
  await expectOk(await context.request.post(`${origin}/api/session`, { data, headers: { origin } }))
  return openApi(context.request, origin)
}

/** The calls that the pages make, made at once. */
async function openApi(request, origin) {
  const { csrfToken } = await (await request.get(`${origin}/api/session`)).json()
  const headers = { origin, 'x-csrf-token': csrfToken }
  const get = async (path) => (await expectOk(await request.get(origin + path))).json()
  const ask = async (method, path, data) => {
    const answer = await (await expectOk(await request.fetch(origin + path, { method, data, headers }))).json()
    const state = async () => (await get(`/api/operations/${answer.operation}`)).state
    while (answer.operation && (await state()) === 'running') await new Promise((resolve) => setTimeout(resolve, 100))
    return answer
  }
  return {
    ask,
    create: (site) => ask('POST', '/api/sites', site),
    makeFolder: (site, path) => ask('POST', `/api/sites/${site}/folders?path=${encodeURIComponent(path)}`),
    async saveFile(site, path, text) {
      const url = `/api/sites/${site}/file?path=${encodeURIComponent(path)}`
      const found = await request.get(origin + url)
      const base = found.ok() ? (await found.json()).version : null
      await ask('PUT', url, { base, content: Buffer.from(text).toString('base64') })
    },
  }
}

async function expectOk(answer) {
  if (answer.ok()) return answer
  throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`)
}

/** The server with a fake engine, as a process of its own. */
async function startServer() {
  const port = await findFreePort()
  const program = ['tests/helpers/run.mjs', 'tests/helpers/dev-server.ts']
  const more = ['--port', String(port), '--web', options.web, '--sites', '0', '--slow']
  const child = spawn(process.execPath, [...program, ...more], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const lines = createInterface(child.stdout)
  const nextLine = () =>
    new Promise((resolve, reject) => {
      lines.once('line', resolve)
      void ended.then((code) => reject(new Error(`the server ended (${code})`)))
    })
  const origin = (await nextLine()).split(' ')[0]
  return {
    origin,
    async makePast(name) {
      child.stdin.write(`past ${name}\n`)
      await nextLine()
    },
    close: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function findFreePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Shows what the demonstration shows: the test server's own people have other passwords. */
async function showDemonstration(page) {
  await page.route('**/api/welcome', async (route) => {
    const answer = await (await route.fetch()).json()
    for (const account of answer.sampleAccounts) account.password = `${account.login}-ruche`
    await route.fulfill({ json: answer })
  })
}

async function take(picture, { browser, origin, language }) {
  const context = await browser.newContext({
    baseURL: origin,
    locale: LOCALES[language],
    timezoneId: 'Europe/Paris',
    viewport: picture.narrow ? NARROW : WIDE,
    colorScheme: picture.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    ...(picture.site && { extraHTTPHeaders: { 'x-ruche-visitor-host': picture.site } }),
  })
  context.setDefaultTimeout(15_000)
  try {
    if (picture.login) {
      const data = { login: picture.login, password: `${picture.login}-pass` }
      await expectOk(await context.request.post('/api/session', { data, headers: { origin } }))
    }
    const page = await context.newPage()
    if (!picture.login) await showDemonstration(page)
    const snap = (name) => snapPage(page, `docs/guide/pictures/${language}/${name}.png`)
    await page.goto(picture.path ?? '/')
    await page.locator('h1').first().waitFor()
    const tidy = await picture.go?.(page, { origin, snap })
    await page.locator('.spinner').first().waitFor({ state: 'detached' })
    await snap(picture.name)
    await tidy?.()
  } finally {
    await context.close()
  }
}

async function snapPage(page, file) {
  await page.mouse.move(0, 0)
  await page.evaluate(() => document.documentElement.scrollTo(0, 0))
  // A window as high as the page, and not a picture longer than the window: what keeps to the window's edges is then where it belongs.
  const height = await page.evaluate(() =>
    document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight,
  )
  const { width, height: least } = page.viewportSize()
  await page.setViewportSize({ width, height: Math.max(least, height) })
  const png = toPalettePng(await page.screenshot({ animations: 'disabled', caret: 'hide' }))
  await page.setViewportSize({ width, height: least })
  await writeFile(file, png)
  say(`${file} ${Math.ceil(png.length / 1024)} kB`)
}

async function takeAll(language) {
  const server = await startServer()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const stage = { browser, origin: server.origin, makePast: server.makePast, language }
  const wanted = options.only?.split(',')
  try {
    await furnish(stage)
    await mkdir(`docs/guide/pictures/${language}`, { recursive: true })
    for (const picture of pictures.filter(({ name }) => !wanted || wanted.includes(name))) await take(picture, stage)
  } finally {
    await browser.close()
    await server.close()
  }
}

for (const language of options.language ? [options.language] : Object.keys(LOCALES)) await takeAll(language)
