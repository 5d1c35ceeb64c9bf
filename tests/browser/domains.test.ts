import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueCertificate } from '../helpers/issue-certificate.js'
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

test('brings a certificate of one’s own along, is told what is wrong with it, and gives it back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-bought-'))
  const { chain, key } = await issueCertificate(folder, ['example.org'])
  await rm(folder, { recursive: true })
  await button('Your own certificate…').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Certificate', { exact: true }).fill(chain)
  await dialog.getByLabel('Private key').fill('nothing')
  await button('Use this certificate').click()
  await dialog.getByText('it is no private key in PEM').waitFor()
  await dialog.getByLabel('Private key').fill(key)
  await button('Use this certificate').click()
  await dialog.waitFor({ state: 'detached' })
  await text('You brought its certificate along.').waitFor()
  await button('Your own certificate…').click()
  await button('Use the platform’s own again').click()
  await text('this platform’s own authority').waitFor()
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
