import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('shop', 'alice')
  await pages.addSite('blog', 'alice')
  page = await pages.open('alice')
  await page.goto('/sites')
  await page.getByRole('row').filter({ hasText: 'shop' }).waitFor()
})
afterAll(() => pages?.close())

const field = () => page.getByRole('combobox', { name: 'Site, page or action' })
const options = () => page.getByRole('dialog').getByRole('option')
const chosen = () => page.locator('[role=option][aria-selected=true]')

async function ask(typed: string): Promise<void> {
  await page.keyboard.press('Control+K')
  await field().waitFor()
  await page.keyboard.type(typed)
}

test('a few letters and the return key lead to a part of a site', async () => {
  await ask('shop fil')
  expect(await options().allInnerTexts()).toEqual([expect.stringMatching(/^Files\s+shop$/)])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sites/shop/files')
  await page.getByRole('treeitem', { name: 'public' }).waitFor()
  await field().waitFor({ state: 'detached' })
})

test('the arrow keys walk through what was found, and the field says where one is', async () => {
  await ask('shop')
  expect(await chosen().innerText()).toMatch(/^shop\s+Site$/)
  expect(await field().getAttribute('aria-activedescendant')).toBe(await chosen().getAttribute('id'))
  await page.keyboard.press('ArrowUp')
  expect(await chosen().innerText()).toBe(await options().last().innerText())
  expect(await field().getAttribute('aria-activedescendant')).toBe(await chosen().getAttribute('id'))
  await page.keyboard.press('ArrowDown')
  expect(await chosen().innerText()).toMatch(/^shop\s+Site$/)
  await page.keyboard.type(' nothing like it')
  await page.getByText('Nothing matches.').waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await field().waitFor({ state: 'detached' })
  expect(page.url()).toMatch(/\/sites\/shop\/files$/)
})

test('it does what is asked, and only what this person may', async () => {
  await ask('stop blog')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sites/blog')
  await page.getByRole('button', { name: 'Start', exact: true }).first().waitFor()
  expect(pages.brain.engine.calls).toContain('stop blog')
  await ask('start blog')
  await options().first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Running').first().waitFor()
  await ask('create')
  await options().first().click()
  await page.waitForURL('**/create')
  await page.getByRole('button', { name: 'Go to or do' }).click()
  await field().fill('containers')
  await page.getByText('Nothing matches.').waitFor()
  await page.keyboard.press('Escape')
})

test('a dialog that waits for an answer is not covered', async () => {
  await page.goto('/sites/shop/danger')
  await page.getByRole('button', { name: 'Delete the site' }).click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Control+K')
  expect(await field().count()).toBe(0)
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
