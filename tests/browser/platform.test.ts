import { Readable } from 'node:stream'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.js'
import { insertDomain, updateDomain } from '../../src/server/register/domains.js'
import { findSite } from '../../src/server/register/sites.js'
import { addDomain, checkNow } from '../../src/server/sites/domains.js'
import { stopSite } from '../../src/server/sites/power-site.js'
import { FakeOffSite } from '../helpers/fake-off-site.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

/** Marks the page when it is taken for more than text; its last sign turns what follows. */
const HOSTILE = '<img src=x onerror="window.pwned=1">\u001b[31m\u202eeliva'
const SHOWN = '<img src=x onerror="window.pwned=1">^[[31m\\u{202e}eliva'

const offSite = new FakeOffSite()
let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages({}, offSite)
  await pages.addSite('shop', 'alice')
  await pages.addSite('blog', 'bob')
  page = await pages.open('admin')
})
afterAll(() => pages?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const link = (name: string) => page.getByRole('link', { name, exact: true })
const lines = () => page.locator('.operation > summary')

async function getSite(name: string) {
  const site = await findSite(pages.brain.dependencies.register.db, name)
  if (!site) throw new Error(`${name} is not there`)
  return site
}

/** Ends when the operation has. */
async function stop(site: string, by: string): Promise<void> {
  const { operations } = pages.brain.dependencies
  await operations.ended((await stopSite(pages.brain.dependencies, site, by)).id)
}

async function expectInert(): Promise<void> {
  const seen = await page.evaluate(() => ({
    pwned: (window as { pwned?: number }).pwned,
    elements: document.querySelectorAll('img[src=x]').length,
    raw: ['\u001b', '\u202e'].some((sign) => document.body.innerText.includes(sign)),
  }))
  expect(seen).toEqual({ pwned: undefined, elements: 0, raw: false })
}

test('the pages of administrators stand under one entry, each with an address of its own', async () => {
  await page.goto('/sites')
  await link('Platform').click()
  await page.waitForURL('**/platform/containers')
  await link('Operations').click()
  await page.waitForURL('**/platform/operations')
  await page.getByRole('heading', { name: 'Operations' }).waitFor()
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox', { name: 'Site, page or action' }).waitFor()
  await page.keyboard.type('doctor')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/platform/doctor')
})

test('operations of everybody are found by state, site and person', async () => {
  await stop('blog', 'bob')
  const failure = new AppError('host_failed', `It says ${HOSTILE}`)
  pages.brain.engine.failNext('stop', failure, 'shop')
  await stop('shop', 'alice')
  await page.goto('/platform/operations')
  await lines().filter({ hasText: 'blog' }).first().waitFor()
  await page.getByLabel('State').selectOption('failed')
  await page.waitForFunction(() => document.querySelectorAll('.operation').length === 1)
  expect(await lines().innerText()).toMatch(/Stop\s*shop\s*alice/)
  await page.getByLabel('State').selectOption('Any state')
  await page.getByLabel('Site or template').fill('BLO')
  await page.waitForFunction(() => document.querySelectorAll('.operation').length === 2)
  await page.getByLabel('Person').fill('nobody')
  await page.getByText('Nothing matches.').waitFor()
})

test('what operations say stays text', async () => {
  await page.goto('/platform/operations')
  await page.getByLabel('State').selectOption('failed')
  await lines().filter({ hasText: 'done' }).first().waitFor({ state: 'detached' })
  await lines().click()
  expect(await page.getByLabel('Log').inputValue()).toContain(`It says ${SHOWN}`)
  await page.locator('.note-error').getByText(`It says ${SHOWN}`).waitFor()
  await expectInert()
})

test('one that is under way shows up by itself, and is cancelled where that is possible', async () => {
  await page.goto('/platform/operations')
  await lines().first().waitFor()
  const release = pages.brain.engine.holdNext('create', 'late')
  const made = pages.addSite('late', 'alice')
  await lines().filter({ hasText: 'late' }).waitFor()
  await button('Cancel').click()
  release()
  await made
  await lines().filter({ hasText: 'late' }).getByText('cancelled').waitFor()
  expect(await button('Cancel').count()).toBe(0)
})

test('many operations are shown page by page', async () => {
  for (let count = 0; count < 51; count += 1) await stop('blog', 'bob')
  await page.goto('/platform/operations')
  await lines().nth(49).waitFor()
  expect(await lines().count()).toBe(50)
  await page.getByText(/^1–50 of 5\d$/).waitFor()
  await button('Next').click()
  await page.getByText(/^51–5\d of 5\d$/).waitFor()
  expect(await button('Next').isDisabled()).toBe(true)
})

test('the audit log is read page by page, and what is written in it stays text', async () => {
  const act = (count: number) => ({
    id: `7-${count}`,
    time: new Date(Date.UTC(2026, 10, 20, 12, 0, 60 - count)).toISOString(),
    actor: count === 0 ? HOSTILE : 'alice',
    call: 'files.save',
    site: count === 59 ? 'blog' : 'shop',
    outcome: count === 1 ? 'host_failed' : 'done',
    facts: { path: count === 2 ? HOSTILE : `public/${count}.php` },
  })
  pages.brain.engine.audit.acts = Array.from({ length: 60 }, (_, count) => act(count))
  await page.goto('/platform/audit')
  const rows = page.locator('tbody tr')
  await page.getByRole('cell', { name: SHOWN, exact: true }).waitFor()
  await page.getByText(`path ${SHOWN}`).waitFor()
  expect(await rows.nth(1).innerText()).toContain('host_failed')
  await expectInert()
  expect(await rows.count()).toBe(50)
  await button('Older').click()
  await page.getByText('public/50.php').waitFor()
  expect([await rows.count(), await button('Older').isDisabled()]).toEqual([10, true])
  await button('Newer').click()
  await page.getByText('public/3.php').waitFor()
  await page.getByLabel('Container').fill('blog')
  await page.getByText('public/59.php').waitFor()
  expect(await rows.count()).toBe(1)
})

test('all names are found by what they need, and sorted by the end of their certificate', async () => {
  const { dependencies, dns } = pages.brain
  const { register } = dependencies
  await addDomain(dependencies, await getSite('shop'), { domain: 'asked.example', vouch: false }, 'alice')
  await register.change(async (queries) => {
    const domain = { site: 'shop', proof: 'record', created_at: new Date().toISOString() } as const
    for (let n = 0; n < 60; n++) await insertDomain(queries, { ...domain, name: `served-${n}.example` })
    await updateDomain(queries, 'served-7.example', { failing_since: new Date().toISOString() })
  })
  dns.addresses.set('served-8.example', ['198.51.100.9'])
  await checkNow(dependencies, await getSite('shop'), 'served-8.example', 'alice')
  await page.goto('/platform/domains')
  const rows = page.locator('tbody tr')
  await page.getByText('2 need attention').waitFor()
  expect(await rows.count()).toBe(50)
  await button('Next').click()
  await page.getByText(/^51–6\d of 6\d$/).waitFor()
  await button('Show').click()
  await rows.nth(2).waitFor({ state: 'detached' })
  expect(await rows.nth(0).innerText()).toMatch(/served-7\.example.*proof is gone/s)
  expect(await rows.nth(1).innerText()).toMatch(/served-8\.example.*elsewhere.*198\.51\.100\.9/s)
  await page.getByLabel('Which names').selectOption('Waiting for proof')
  await link('asked.example').waitFor()
  expect(await rows.count()).toBe(1)
  await page.getByLabel('Which names').selectOption('All names')
  await page.getByLabel('Domain, site, owner').fill('bob')
  await link('blog.sites.localhost').waitFor()
  await button('Certificate until').click()
  expect(await page.getByRole('columnheader', { name: 'Certificate until' }).getAttribute('aria-sort')).toBe(
    'ascending',
  )
  await page.getByLabel('Domain, site, owner').fill('served-8.')
  await link('served-8.example').click()
  await page.waitForURL('**/sites/shop/domains')
})

test('sites without a proven backup come first, and those that are selected are backed up', async () => {
  const { db } = pages.brain.dependencies.register
  const long = new Date(Date.now() - 9 * 86_400_000).toISOString()
  await db.updateTable('sites').set({ created_at: long }).where('name', '=', 'shop').execute()
  await page.goto('/platform/backups')
  await page.getByText('1 site needs attention').waitFor()
  expect(await page.locator('tbody tr').first().innerText()).toMatch(/shop.*no backup yet/s)
  await page.getByLabel('Select shop').check()
  await page.getByLabel('Select blog').check()
  await button('Back up now').click()
  await page.getByText('Every site has a proven backup').waitFor()
  await page.getByRole('row', { name: 'shop' }).getByText('Proven now').waitFor()
  await page.getByRole('row', { name: 'blog' }).getByText('Proven now').waitFor()
  expect(await page.getByLabel('Which sites').isVisible()).toBe(true)
})

test('what lies only elsewhere is fetched, and restored under another name', async () => {
  const key = '6f1c1c1e-0000-4000-8000-000000000001'
  const copied = {
    id: 'aaaaaaaaaaaa',
    key,
    site: 'lost',
    createdAt: '2026-11-20T10:00:00.000Z',
    sizeBytes: 10,
    proven: true,
  }
  await offSite.copy(copied, Readable.from([Buffer.from('an archive')]))
  await page.goto('/platform/backups')
  const row = page.getByRole('row', { name: 'lost' })
  await row.getByRole('button', { name: 'Fetch' }).click()
  await row.getByRole('button', { name: 'Restore as…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Owner').fill('nobody-at-all')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await dialog.getByText('the directory knows nobody called nobody-at-all').waitFor()
  await dialog.getByLabel('Owner').fill('bob')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await page.waitForURL('**/sites/lost')
  await page.getByText('bob').first().waitFor()
})

test('the machine’s page says what works, what waits, and what still fits', async () => {
  await page.goto('/platform/host')
  const fact = (label: string) => page.locator('.fact').filter({ has: page.getByText(label, { exact: true }) })
  await fact('Agent').getByText('Works').waitFor()
  expect(await fact('Sites of the usual size').innerText()).toContain('40')
  expect(await page.getByRole('row', { name: 'Disk' }).innerText()).toMatch(/56%\s+20%\s+10%/)
  expect(await fact('Broken').innerText()).toMatch(/\d/)
  pages.brain.directory.isAway = true
  pages.brain.engine.setDown(true)
  await page.reload()
  await fact('Agent').getByText('Does not work').waitFor()
  await fact('Directory').getByText('Does not work').waitFor()
  // What is not known is no zero.
  expect(await fact('Sites of the usual size').innerText()).toContain('–')
  pages.brain.directory.isAway = false
  pages.brain.engine.setDown(false)
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
