import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('alice', 'alice')
  page = await pages.open('alice')
})
afterAll(() => pages?.close())

const button = (name: string) => page.getByRole('button', { name, exact: true })
const text = (words: string) => page.getByText(words).first()

test('asks for a domain, copies its record, and sees it served once it is proven', async () => {
  await page.goto('/sites/alice/domains')
  await page.getByLabel('Another domain').fill('Example.org')
  await page.getByLabel('the same with www.').check()
  await page.keyboard.press('Enter')
  await text('waits for its proof').first().waitFor()
  await button('Check now').first().click()
  await text('do not have the record _ruche-challenge.example.org').waitFor()
  const value =
    (await page
      .getByText(/^ruche-[a-z2-9]{26}$/)
      .first()
      .textContent()) ?? ''
  pages.brain.dns.texts.set('_ruche-challenge.example.org', [value])
  await button('Check now').first().click()
  await text('The domains of alice are changed.').waitFor()
  await page.getByRole('link', { name: 'example.org', exact: false }).waitFor()
  const routes = pages.brain.proxy.routes?.sites.find(({ name }) => name === 'alice')
  expect(routes?.domains).toContain('example.org')
  expect(routes?.domains).not.toContain('www.example.org')
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
