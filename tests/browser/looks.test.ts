import { Readable } from 'node:stream'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.js'
import { updateDomain } from '../../src/server/register/domains.js'
import { findSite } from '../../src/server/register/sites.js'
import { destroySite } from '../../src/server/sites/destroy-site.js'
import { addDomain, checkNow } from '../../src/server/sites/domains.js'
import { backUpSite } from '../../src/server/sites/site-backups.js'
import { en } from '../../src/web/i18n/en.js'
import { fr } from '../../src/web/i18n/fr.js'
import { FakeOffSite } from '../helpers/fake-off-site.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages

/** Every page, with what must be there before it is looked at, and what is opened on it. */
interface View {
  name: string
  login: string | undefined
  path: string
  ready: string
  open?: (page: Page) => Promise<unknown>
}

const VIEWS: View[] = [
  { name: 'sign-in', login: undefined, path: '/sign-in', ready: '.samples' },
  { name: 'my sites', login: 'bob', path: '/sites', ready: '.list' },
  {
    name: 'my sites, chosen',
    login: 'bob',
    path: '/sites',
    ready: '.list',
    open: (page) => page.locator('thead input').check(),
  },
  { name: 'no sites yet', login: 'guest', path: '/sites', ready: '.empty' },
  {
    name: 'create',
    login: 'claire',
    path: '/create',
    ready: '.create .text-ok',
    open: (page) => page.locator('.advanced summary').click(),
  },
  {
    name: 'other beginnings',
    login: 'claire',
    path: '/create',
    ready: '.create .text-ok',
    async open(page) {
      await page.locator('.other-beginning summary').click()
      await page.locator('.other-beginning select').selectOption('claires')
    },
  },
  {
    name: 'overview',
    login: 'bob',
    path: '/sites/bobs',
    ready: '.way .command',
    open: (page) => page.locator('.operation summary').first().click(),
  },
  {
    name: 'QR code',
    login: 'bob',
    path: '/sites/bobs',
    ready: '.facts',
    async open(page) {
      await page.locator('.address-line button').nth(1).click()
      await page.locator('.qr-code').waitFor()
    },
  },
  {
    name: 'a broken site',
    login: 'bob',
    path: '/sites/broken',
    ready: '.note-error',
    open: (page) => page.locator('.note-error[role=status] summary').last().click(),
  },
  { name: 'files', login: 'bob', path: '/sites/bobs/files?file=public/index.php', ready: '.cm-content' },
  {
    name: 'new file',
    login: 'bob',
    path: '/sites/bobs/files',
    ready: '[role=treeitem]',
    open: (page) => page.locator('.tree-tools button').first().click(),
  },
  { name: 'logs', login: 'bob', path: '/sites/bobs/logs', ready: '.log-line' },
  { name: 'graphs', login: 'bob', path: '/sites/bobs/graphs', ready: '.chart' },
  {
    name: 'backups',
    login: 'bob',
    path: '/sites/bobs/backups',
    ready: '.backup-list .proof',
    open: (page) => page.locator('.row-menu > button').first().click(),
  },
  {
    name: 'database',
    login: 'bob',
    path: '/sites/bobs/database?table=words',
    ready: '.data-table tbody tr',
    async open(page) {
      await page.getByRole('textbox', { name: /SQL/ }).fill('SELECT * FROM words; SELEC')
      await page.keyboard.press('Control+Enter')
      await page.locator('.run-results .note-error').waitFor()
    },
  },
  { name: 'access', login: 'bob', path: '/sites/bobs/access', ready: '.command' },
  {
    name: 'visitors',
    login: 'bob',
    path: '/sites/bobs/visitors',
    ready: '.settings',
    async open(page) {
      await page.locator('.check-field input[value=password]').check()
      await page.locator('.panel-head button').click()
    },
  },
  { name: 'people of a site', login: 'bob', path: '/sites/bobs/people', ready: '.add-line' },
  { name: 'trash', login: 'bob', path: '/trash', ready: '.backup-list' },
  { name: 'no trash', login: 'guest', path: '/trash', ready: '.empty' },
  { name: 'profile', login: 'bob', path: '/profile', ready: '.item-list' },
  {
    name: 'a new token',
    login: 'bob',
    path: '/profile',
    ready: '.item-list',
    open: (page) => page.locator('.panel-head button').nth(1).click(),
  },
  {
    name: 'settings',
    login: 'bob',
    path: '/sites/bobs/settings',
    ready: '.settings',
    open: (page) => page.locator('.settings input').first().fill('0.25'),
  },
  {
    name: 'danger',
    login: 'bob',
    path: '/sites/bobs/danger',
    ready: '.losses',
    open: (page) => page.locator('.panel-danger button').click(),
  },
  {
    name: 'containers',
    login: 'admin',
    path: '/platform/containers',
    ready: '.host-strip ~ .panel',
    open: (page) => page.locator('tbody input').first().check(),
  },
  { name: 'all domains', login: 'admin', path: '/platform/domains', ready: '.list' },
  { name: 'all backups', login: 'admin', path: '/platform/backups', ready: '.row-actions .btn' },
  { name: 'people', login: 'admin', path: '/platform/people', ready: '.list' },
  {
    name: 'a person',
    login: 'admin',
    path: '/platform/people',
    ready: '.list',
    open: (page) => page.locator('tbody button').first().click(),
  },
  {
    name: 'announcements',
    login: 'admin',
    path: '/platform/announcements',
    ready: '.list tbody tr',
    open: (page) => page.locator('.page-header button').click(),
  },
  { name: 'templates', login: 'admin', path: '/platform/templates', ready: '.list' },
  {
    name: 'operations',
    login: 'admin',
    path: '/platform/operations',
    ready: '.operation',
    open: (page) => page.locator('.operation summary').first().click(),
  },
  { name: 'machine', login: 'admin', path: '/platform/host', ready: '.facts' },
  { name: 'audit log', login: 'admin', path: '/platform/audit', ready: '.list' },
  { name: 'doctor', login: 'admin', path: '/platform/doctor', ready: '.note' },
  {
    name: 'person menu',
    login: 'admin',
    path: '/sites',
    ready: '.empty',
    open: (page) => page.locator('.person-menu > button').click(),
  },
  {
    name: 'palette',
    login: 'bob',
    path: '/sites',
    ready: '.list',
    async open(page) {
      await page.keyboard.press('Control+K')
      await page.locator('.palette-option').first().waitFor()
    },
  },
  { name: 'nothing', login: 'bob', path: '/nowhere', ready: '.empty' },
]

beforeAll(async () => {
  const offSite = new FakeOffSite()
  pages = await openPages({}, offSite)
  await pages.addSite('bobs', 'bob', { database: 'mariadb' })
  const columns = [{ name: 'id', type: 'int' }, { name: 'word', type: 'text' }, { name: 'data' }]
  const cells = ['1', `a long word ${'x'.repeat(80)}`, { binary: 'AP8Q', sizeBytes: 3 }]
  pages.brain.engine.database('bobs').put('words', columns, [cells, ['2', null, null]])
  const failure = new AppError('host_failed', 'MariaDB does not start.', { hint: 'Look at its log.' })
  await pages.addSite('broken', 'bob', { language: 'static' })
  // The platform tries again and again to bring it back.
  for (let n = 0; n < 100; n++) pages.brain.engine.failNext('start', failure, 'broken')
  pages.brain.engine.halt('broken', 'failed')
  await pages.addSite('claires', 'claire')
  await pages.addSite('deleted', 'bob')
  const { dependencies } = pages.brain
  const texts = { en: 'The machine is off on Sunday night.', fr: 'La machine est éteinte dans la nuit de dimanche.' }
  for (const kind of ['information', 'warning'] as const)
    await dependencies.announcements.create({ kind, texts }, 'admin')
  await dependencies.operations.ended((await destroySite(dependencies, 'deleted', { purge: false }, 'bob')).id)
  pages.brain.engine.audit.acts = [
    {
      id: '7-1',
      time: '2026-11-20T10:00:00.000Z',
      actor: 'bob',
      call: 'files.save',
      site: 'bobs',
      outcome: 'done',
      facts: { path: 'public/index.php' },
    },
    {
      id: '7-2',
      time: '2026-11-20T09:00:00.000Z',
      actor: 'system',
      call: 'container.start',
      site: 'broken',
      outcome: 'host_failed',
      facts: {},
    },
    { id: '7-3', time: '2026-11-20T08:00:00.000Z', actor: 'admin', call: 'host.doctor', facts: {} },
  ]
  const lost = {
    id: 'aaaaaaaaaaaa',
    key: '6f1c1c1e-0000-4000-8000-000000000001',
    site: 'lost',
    sizeBytes: 10,
    proven: true,
  }
  await offSite.copy({ ...lost, createdAt: '2026-11-20T10:00:00.000Z' }, Readable.from([Buffer.from('an archive')]))
  const claires = await findSite(dependencies.register.db, 'claires')
  if (claires) {
    await addDomain(dependencies, claires, { domain: 'xn--bcher-kva.example', vouch: false }, 'claire')
    await addDomain(dependencies, claires, { domain: 'away.example', vouch: true }, 'admin')
    await checkNow(dependencies, claires, 'away.example', 'claire')
    const failing_since = new Date().toISOString()
    await updateDomain(dependencies.register.db, 'away.example', { failing_since })
  }
  await dependencies.operations.ended((await backUpSite(dependencies, 'bobs', 'bob')).id)
})
afterAll(() => pages?.close())

async function show(page: Page, view: View): Promise<void> {
  await page.goto(view.path)
  await page.locator(view.ready).first().waitFor()
  await view.open?.(page)
}

/** The views by person, so that each signs in once. */
const people = [...new Set(VIEWS.map(({ login }) => login))]

async function findBarriers(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message}`))
}

test.each(people)('nothing bars people with disabilities, by day or by night (%s)', async (login) => {
  const page = await pages.open(login, { colorScheme: 'light', reducedMotion: 'reduce' })
  for (const view of VIEWS.filter((one) => one.login === login)) {
    await show(page, view)
    expect(await findBarriers(page), view.name).toEqual([])
    // The other theme differs in nothing but its colours; the page follows the system's at once.
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-bs-theme=dark]').waitFor()
    expect(await findBarriers(page, ['color-contrast']), `${view.name}, dark`).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await page.context().close()
})

/** All texts of a language as they stand in its files. */
function textsOf(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : textsOf(value as object),
  )
}

describe('in French, on a telephone', () => {
  const french = new Set(textsOf(fr))
  const english = new Set(textsOf(en).filter((text) => !french.has(text) && /[a-z]{3}/.test(text)))

  test.each(people)('nothing is left in English, nothing scrolls sideways (%s)', async (login) => {
    const page = await pages.open(login, { locale: 'fr-FR', viewport: { width: 390, height: 844 } })
    for (const view of VIEWS.filter((one) => one.login === login)) {
      await show(page, view)
      const seen = await page.evaluate(() => {
        const labels = [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
          ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
        )
        return {
          texts: [...document.body.innerText.split('\n'), ...labels].map((text) => text.trim()),
          width: document.documentElement.scrollWidth,
          language: document.documentElement.lang,
        }
      })
      expect(seen.language).toBe('fr')
      expect(
        seen.texts.filter((text) => english.has(text)),
        view.name,
      ).toEqual([])
      expect(seen.width, view.name).toBeLessThanOrEqual(390)
    }
    await page.context().close()
  })
})

test('the choice of language and theme stays', async () => {
  const page = await pages.open(undefined)
  await page.goto('/sign-in')
  await page.getByLabel('Language').selectOption('Français')
  await page.getByRole('button', { name: 'Se connecter', exact: true }).waitFor()
  await page.getByLabel('Apparence').selectOption('Sombre')
  await page.reload()
  await page.getByRole('button', { name: 'Se connecter', exact: true }).waitFor()
  expect(await page.locator('html').getAttribute('data-bs-theme')).toBe('dark')
  await page.context().close()
})

test.each(['en-GB', 'fr-FR'])(
  'the first page weighs at most 200 kB, and the rest comes when it is needed (%s)',
  async (locale) => {
    const page = await pages.open('bob', { locale })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto('/sites')
    await page.locator('.list').waitFor()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    const { gzipSync } = await import('node:zlib')
    const bodies = await Promise.all(
      asked.filter((url) => !url.includes('/api/')).map((url) => page.request.get(url).then((answer) => answer.body())),
    )
    const total = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
    expect(total).toBeLessThan(200_000)
    for (const later of ['cm-content', en.administration.doctor.intro, fr.administration.doctor.intro])
      expect(bodies.some((body) => body.includes(later))).toBe(false)
    await page.context().close()
  },
)

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
