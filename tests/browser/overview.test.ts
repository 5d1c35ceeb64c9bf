import type { Page } from 'playwright-core'
import { encode } from 'uqr'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('first', 'alice')
  page = await pages.open('alice', { permissions: ['clipboard-read', 'clipboard-write'] })
})
afterAll(() => pages?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
const started = () => page.getByRole('region', { name: 'Put something in' })

/** What is measured of the site in the step that ends so long ago. */
async function measure(agoMs: number, memoryBytes: number): Promise<void> {
  const { meters, register } = pages.brain.dependencies
  const { uuid } = await register.db
    .selectFrom('sites')
    .select('uuid')
    .where('name', '=', 'first')
    .executeTakeFirstOrThrow()
  const usage = { cpuNs: 1, memoryBytes }
  await meters.sample([{ name: 'first', uuid, usage }], new Date(Date.now() - agoMs))
}

test('a new site says how to put something in, each command to be copied', async () => {
  await page.goto('/sites/first')
  const { sftp } = await (await page.request.get('/api/sites/first/access')).json()
  await started().getByRole('button', { name: 'Copy the SFTP command' }).click()
  expect(await clipboard()).toBe(`sftp -P ${sftp.port} ${sftp.user}@${sftp.host}`)
  await started().getByRole('button', { name: 'Copy the command that adds the remote' }).click()
  expect(await clipboard()).toBe(`git remote add site ssh://git@${sftp.host}:${sftp.port}/site.git`)
  await started().getByRole('button', { name: 'Copy Port' }).click()
  expect(await clipboard()).toBe(String(sftp.port))
  await started().getByRole('link', { name: 'Open the editor' }).click()
  await page.waitForURL('**/sites/first/files')
})

test('closed, it stays so in this browser and for this site alone', async () => {
  await pages.addSite('second', 'alice')
  await page.goto('/sites/first')
  await started().getByRole('button', { name: 'Do not show this any more' }).click()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.reload()
  await page.locator('.facts').waitFor()
  expect(await started().count()).toBe(0)
  await page.goto('/sites/second')
  await started().waitFor()
})

test('the address is there as a QR code, which is loaded only then', async () => {
  await page.goto('/sites/first')
  await page.locator('.facts').waitFor()
  await page.waitForLoadState('networkidle')
  const asked = page.waitForRequest(/QrCode.*\.js/)
  await button('QR code of first.sites.localhost').click()
  await asked
  await page.getByRole('img', { name: 'QR code of first.sites.localhost' }).waitFor()
  const drawn = await page.locator('.qr-code path').getAttribute('d')
  const dark = [...(drawn ?? '').matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`)
  const { data } = encode('https://first.sites.localhost/', { ecc: 'M', border: 4 })
  expect(dark).toEqual(data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : []))))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('the last quarter of an hour is drawn below its limits, and no more of it', async () => {
  const MIB = 1024 ** 2
  await measure(40 * 60_000, 200 * MIB)
  await measure(5 * 60_000, 64 * MIB)
  await page.goto('/sites/first')
  const memory = page.getByRole('img', { name: /^Memory: now 64.MB, at most 64.MB$/ })
  await memory.waitFor()
  expect(await memory.locator('.chart-limit').count()).toBe(1)
  expect(await memory.locator('path').getAttribute('d')).toMatch(/^M\d/)
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
