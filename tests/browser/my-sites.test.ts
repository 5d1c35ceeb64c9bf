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

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
