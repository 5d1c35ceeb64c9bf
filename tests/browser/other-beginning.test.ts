import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backUpSite } from '../../src/server/sites/site-backups.js'
import { ARCHIVE } from '../helpers/fake-backups.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('first', 'alice')
  await pages.addSite('bare', 'alice')
  const { dependencies, engine } = pages.brain
  engine.cells.get('first')?.files.put('public/index.php', Buffer.from('as it was'))
  await dependencies.operations.ended((await backUpSite(dependencies, 'first', 'alice')).id)
  page = await pages.open('alice')
})
afterAll(() => pages?.close())

const dialog = () => page.getByRole('dialog')
const button = (name: string) => page.getByRole('button', { name, exact: true })
const unfold = async () => {
  await page.goto('/create')
  await page.getByText('Begin with a backup or an archive').click()
}
const read = async (site: string) =>
  Buffer.from((await pages.brain.engine.cells.get(site)?.files.read('public/index.php'))?.content ?? '').toString()

test('a site begins with a backup of another one', async () => {
  await unfold()
  await page.getByLabel('Site', { exact: true }).selectOption('bare')
  await page.getByText('This site has no backup yet.').waitFor()
  await page.getByLabel('Site', { exact: true }).selectOption('first')
  await button('Create from this backup').click()
  await dialog().getByLabel('Name', { exact: true }).fill('again')
  await dialog().getByRole('button', { name: 'Create' }).click()
  await page.waitForURL('**/sites/again')
  await page.getByText('Your site is live').waitFor()
  expect(await read('again')).toBe('as it was')
})

test('what is none of our archives is refused where it was chosen, and the next one makes a site', async () => {
  const name = 'from-elsewhere.tar'
  const mimeType = 'application/x-tar'
  // Whose quota has room for one more.
  page = await pages.open('claire')
  await unfold()
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name, mimeType, buffer: Buffer.from('something else') })
  await button('Create from this archive').click()
  expect(await dialog().getByLabel('Name', { exact: true }).inputValue()).toBe('from-elsewhere')
  await dialog().getByRole('button', { name: 'Create' }).click()
  await page.getByText('This is not a whole archive of Ruche. Nothing was created.').waitFor()
  expect(await page.getByLabel('File', { exact: true }).getAttribute('aria-invalid')).toBe('true')
  expect(pages.brain.engine.cells.has('from-elsewhere')).toBe(false)

  await page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType, buffer: ARCHIVE })
  expect(await page.getByText('Nothing was created.').count()).toBe(0)
  await button('Create from this archive').click()
  await dialog().getByRole('button', { name: 'Create' }).click()
  await page.waitForURL('**/sites/from-elsewhere')
  await page.getByText('Your site is live').waitFor()
  expect(await read('from-elsewhere')).toBe('from afar')
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
