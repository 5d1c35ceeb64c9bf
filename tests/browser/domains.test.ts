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
  pages = await openPages({ dns: { owner_records: true } })
  await pages.addSite('alice', 'alice')
  page = await pages.open('alice')
})
afterAll(() => pages?.close())

async function openStrict() {
  const strict = await openPages()
  await strict.addSite('alice', 'alice')
  return { pages: strict, page: await strict.open('alice') }
}

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

test('adds a record of its own below the platform name, is told at the field what is wrong, and takes it away', async () => {
  const records = page.getByRole('region', { name: 'DNS records of your own' })
  await records.getByLabel('Name', { exact: true }).fill('mail')
  await records.getByLabel('Type', { exact: true }).selectOption('MX')
  await records.getByLabel('Value', { exact: true }).fill('mail.example.org')
  await page.keyboard.press('Enter')
  await records.getByText('a preference and a server, as in 10 mail.example.org').waitFor()
  await records.getByLabel('Value', { exact: true }).fill('10 Mail.example.org.')
  await page.keyboard.press('Enter')
  await records.getByText('10 mail.example.org', { exact: true }).waitFor()
  expect(await records.getByLabel('Value', { exact: true }).inputValue()).toBe('')
  // What only the server can know is said at its field, too.
  await records.getByLabel('Name', { exact: true }).fill('mail')
  await records.getByLabel('Value', { exact: true }).fill('10 mail.example.org')
  await page.keyboard.press('Enter')
  await records.getByText('this record is there already').waitFor()
  await records.getByRole('button', { name: /^Remove the MX record of mail\.alice\./ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await records.getByText('10 mail.example.org', { exact: true }).waitFor({ state: 'detached' })
})

test('says nothing of records where the administrator does not allow them', async () => {
  const { pages: strict, page: other } = await openStrict()
  await other.goto('/sites/alice/domains')
  await other.getByRole('heading', { name: 'Names of the site' }).waitFor()
  await other.waitForLoadState('networkidle')
  expect(await other.getByText('DNS records of your own').count()).toBe(0)
  await strict.close()
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
