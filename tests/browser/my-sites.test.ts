import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('first', 'alice')
  page = await pages.open('alice')
})
afterAll(() => pages?.close())

const row = (name: string) => page.getByRole('row').filter({ hasText: name })
const button = (name: string) => page.getByRole('button', { name, exact: true })

test('what was done last stands with each site', async () => {
  await page.goto('/sites')
  await row('first').getByText('Create').waitFor()
  await button('Restart first').click()
  await row('first')
    .getByText(/^Restart/)
    .waitFor()
  await row('first').getByText('Running').waitFor()
})

test('a deletion is taken back where it is told', async () => {
  await page.goto('/sites/first/danger')
  await button('Delete the site').click()
  await page.getByRole('dialog').getByRole('textbox').fill('first')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the site' }).click()
  await page.waitForURL('**/sites')
  await button('Undo').click()
  await row('first').getByText('Running').waitFor()
  expect(pages.brain.engine.cells.has('first')).toBe(true)
})

test('a site that is being made is in the list at once, with its step, and can be given up there', async () => {
  const release = pages.brain.engine.holdNext('start')
  await page.goto('/create')
  await page.getByLabel('Name', { exact: true }).fill('hasty')
  await page.getByText('This name is free').waitFor()
  await button('Create').click()
  await page.waitForURL('**/sites/hasty')
  await page.getByRole('link', { name: 'My sites' }).click()
  await row('hasty').locator('.row-note', { hasText: '…' }).waitFor()
  await row('hasty').getByRole('button', { name: 'Cancel' }).click()
  release()
  await row('hasty').waitFor({ state: 'detached' })
})

const select = (name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
const bar = () => page.getByRole('region', { name: 'Selected sites' })
const inBar = (name: string) => bar().getByRole('button', { name, exact: true })
const phaseOf = (name: string) => pages.brain.engine.cells.get(name)?.status.phase

test('several are chosen by keyboard and stopped, started and deleted, and a deletion is taken back', async () => {
  for (const name of ['second', 'third']) await pages.addSite(name, 'alice')
  await page.goto('/sites')
  await select('second').focus()
  await page.keyboard.press('Space')
  await select('third').focus()
  await page.keyboard.press('Space')
  await bar().getByText('2 selected').waitFor()
  await inBar('Stop').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
  await row('second').getByText('Stopped').waitFor()
  await row('third').getByText('Stopped').waitFor()
  expect(phaseOf('first')).toBe('running')
  // The bar is gone, and with it what had the focus.
  expect(await bar().count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')

  await select('second').check()
  await inBar('Start').click()
  await row('second').getByText('Running').waitFor()
  expect(phaseOf('third')).toBe('stopped')

  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await select('first').uncheck()
  await inBar('Delete').click()
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' })
  await page.getByRole('dialog').getByRole('textbox').fill('3')
  expect(await confirm.isDisabled()).toBe(true)
  await page.getByRole('dialog').getByRole('textbox').fill('2')
  await confirm.click()
  await row('third').waitFor({ state: 'detached' })
  await row('second').waitFor({ state: 'detached' })
  await row('first').waitFor()
  await page.locator('.toast-box').filter({ hasText: 'third' }).getByRole('button', { name: 'Undo' }).click()
  await row('third').waitFor()
})

test('one that is shared with the person cannot be deleted with the others', async () => {
  const { register } = pages.brain.dependencies
  const at = new Date().toISOString()
  await pages.addSite('seen', 'bob')
  await pages.addSite('edited', 'bob')
  for (const [site, right] of [
    ['seen', 'view'],
    ['edited', 'edit'],
  ] as const)
    await register.db
      .insertInto('collaborators')
      .values({ site, login: 'alice', right, added_by: 'bob', added_at: at })
      .execute()
  await page.goto('/sites')
  await row('edited').waitFor()
  expect(await select('seen').count()).toBe(0)
  await select('first').check()
  await inBar('Delete').waitFor()
  await select('edited').check()
  await bar().getByText('2 selected').waitFor()
  expect(await inBar('Delete').count()).toBe(0)
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
