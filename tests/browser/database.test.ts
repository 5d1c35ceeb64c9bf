import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FakeDatabase } from '../helpers/fake-database.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page
let database: FakeDatabase

const HOSTILE = `<img src=x onerror="document.title='owned'">\u202e\u001b[31m`
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const text = (words: string | RegExp) => page.getByText(words).first()

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('bobs', 'bob', { database: 'mariadb' })
  await pages.addSite('plain', 'bob')
  database = pages.brain.engine.database('bobs')
  const rows = Array.from({ length: 120 }, (_, n) => [String(n + 1), `word ${n + 1}`, n === 0 ? null : 'x'])
  database.put('words', [{ name: 'id', type: 'int' }, { name: 'word', type: 'text' }, { name: 'note' }], rows)
  const cells = [HOSTILE, { text: 'long', sizeBytes: 5_000_000 }, { binary: 'AP8Q', sizeBytes: 3 }, null]
  database.put(HOSTILE, [{ name: HOSTILE, type: HOSTILE }, { name: 'b' }, { name: 'c' }, { name: 'd' }], [cells])
})
afterAll(() => pages?.close())
beforeEach(async () => {
  page = await pages.open('bob', { acceptDownloads: true })
  await page.goto('/sites/bobs/database')
  return () => page.context().close()
})

const firstCell = () => page.locator('.data-table tbody td').first().innerText()

async function type(sql: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: /^SQL statements/ })
  await editor.click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(sql)
}

test('tables open, rows are paged and sorted', async () => {
  await button('words').click()
  await text('Rows 1 to 50').waitFor()
  expect(await firstCell()).toBe('1')
  await text('NULL').waitFor()
  await button('After').click()
  await text('Rows 51 to 100').waitFor()
  await button('id').click()
  await text('Rows 1 to 50').waitFor()
  await button('id').click()
  await expect.poll(firstCell).toBe('120')
  expect(await page.locator('th[aria-sort=descending]').count()).toBe(1)
  await page.reload()
  await text('Rows of words').waitFor()
  await button('Close the rows').click()
  expect(new URL(page.url()).search).toBe('')
})

test('names and values are only ever text', async () => {
  await page.locator('.table-name', { hasText: 'onerror' }).click()
  await text(/^Beginning of [45]/).waitFor()
  await text(/^0x00ff10/).waitFor()
  expect(await page.locator('.data-table img, .table-list img').count()).toBe(0)
  expect(await page.title()).not.toContain('owned')
  const shown = await page.locator('body').innerText()
  for (const sign of ['\u001b', '\u202e']) expect(shown).not.toContain(sign)
})

test('Ctrl+Enter runs statements: results, changed rows, and where one failed', async () => {
  await type('SELECT * FROM words;\nDELETE FROM words;\nSELEC 1')
  await page.keyboard.press('Control+Enter')
  await text('120 rows changed.').waitFor()
  await text('Statement 3 failed, in line 3, at character 1').waitFor()
  await text('near "SELEC": syntax error').waitFor()
  expect(await page.locator('.run-results .data-table tbody tr').count()).toBe(0)
  await type('SLEEP')
  await button('Run').click()
  await text('It took longer than 30 seconds and was ended.').waitFor()
  // What was typed is still there after a look at another page.
  await page.getByRole('link', { name: 'Logs' }).click()
  await page.getByRole('link', { name: 'Database' }).click()
  await page.locator('.cm-content', { hasText: 'SLEEP' }).waitFor()
})

test('a dump is imported after a warning, and says what failed; an export is a file', async () => {
  const choose = (name: string, content: string) =>
    page.getByLabel('File (.sql or .gz)').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
  const go = page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true })
  await button('Import…').click()
  await text('they may replace or delete what is there').waitFor()
  await choose('notes.txt', 'x')
  await text('Its name must end in .sql or .gz.').waitFor()
  expect(await go.isDisabled()).toBe(true)
  await choose('dump.sql', 'first\nBROKEN')
  await go.click()
  await text(/^Line 2: near "BROKEN"/).waitFor()
  await choose('dump.sql', 'INSERT INTO words')
  await go.click()
  await text('dump.sql was imported.').waitFor()
  expect(database.imported).toEqual(['INSERT INTO words'])
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('bobs.sql.gz')
  expect(gunzipSync(await readFile(await download.path())).toString()).toContain('CREATE TABLE')
})

test('how it is reached is there, and a new password can be made', async () => {
  await text('/home/site/private/database.env').waitFor()
  await button('New password').click()
  await page.getByRole('dialog').getByRole('button', { name: 'New password' }).click()
  await expect.poll(() => pages.brain.engine.calls.includes('update bobs')).toBe(true)
})

test('a site without a database has no such page', async () => {
  await page.goto('/sites/plain')
  await page.getByRole('link', { name: 'Files' }).waitFor()
  expect(await page.getByRole('link', { name: 'Database' }).count()).toBe(0)
  await page.goto('/sites/plain/database')
  await text('This site has no database').waitFor()
})

test('no page complained', () => {
  expect(pages.complaints).toEqual([])
})
