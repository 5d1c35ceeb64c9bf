import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../helpers/platform.js'
import { until } from '../helpers/programs.js'
import { PEOPLE, type PersonName } from '../helpers/test-directory.js'
import { openVisitorBrowser, type VisitorBrowser } from '../helpers/visitor-browser.js'

const LIVE_MS = 60_000
let platform: Platform
let browser: VisitorBrowser
let page: Page

beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(`alice.${BASE_DOMAIN}`, `bobs.${BASE_DOMAIN}`)
  await platform.json('create', 'bobs', '--owner', 'bob', '--language', 'static', '--database', 'none')
  browser = await openVisitorBrowser(platform.network, platform.caFile, 'example.test')
  page = await browser.context.newPage()
  page.setDefaultTimeout(15_000)
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
const link = (name: string | RegExp) => page.getByRole('link', { name }).first()

async function fillSignIn(login: string, password: string): Promise<void> {
  await page.goto(`https://${PANEL}/`)
  await page.getByLabel('User name').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await button('Sign in').click()
}

async function signIn(login: PersonName): Promise<void> {
  await fillSignIn(login, PEOPLE[login])
  await page.getByRole('heading', { name: 'My sites' }).waitFor()
}

async function signOut(): Promise<void> {
  await page.goto(`https://${PANEL}/`)
  await page
    .getByText(/^Account of|Example$/)
    .first()
    .click()
  await button('Sign out').click()
  await page.getByLabel('User name').waitFor()
}

test('a wrong, an unknown and an empty sign-in are refused in words', async () => {
  await fillSignIn('alice', 'not it')
  await page.getByText('User name or password is wrong.').waitFor()
  await fillSignIn('nobody', 'not it')
  await page.getByText('User name or password is wrong.').waitFor()
  await fillSignIn('alice', '')
  await page.getByText('Enter your password.').waitFor()
})

test('a student signs in and has a live site after two clicks', async () => {
  await page.addInitScript(() =>
    addEventListener(
      'click',
      () => sessionStorage.setItem('clicks', `${Number(sessionStorage.getItem('clicks')) + 1}`),
      true,
    ),
  )
  await signIn('alice')
  await page.evaluate(() => sessionStorage.removeItem('clicks'))
  await link('Create a site').click()
  await page.getByText('This name is free').waitFor()
  await button('Create').click()
  await page.getByText('Your site is live').waitFor({ timeout: LIVE_MS })
  expect(page.url()).toContain('/sites/alice')
  expect(await page.evaluate(() => sessionStorage.getItem('clicks'))).toBe('2')
})

test('the site opens by its name, with a certificate that the browser trusts', async () => {
  const site = await browser.context.newPage()
  const answer = await site.goto(`https://alice.${BASE_DOMAIN}/`)
  expect(answer?.status()).toBe(200)
  expect(await site.content()).toMatch(/PHP version/)
  await site.close()
})

test('its page is edited and the change is seen', async () => {
  await page.goto(`https://${PANEL}/sites/alice/files`)
  await page.getByText('index.php').first().click()
  const editor = page.locator('.cm-content')
  await editor.waitFor()
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText('<h1>Edited <?= 6 * 7 ?></h1>')
  const begin = performance.now()
  await page.keyboard.press('Control+S')
  await page.getByText('Saved', { exact: true }).waitFor()
  const seen = await platform.curl('--fail', `https://alice.${BASE_DOMAIN}/`)
  expect(seen.stdout).toContain('<h1>Edited 42</h1>')
  console.log(`from Ctrl+S until a visitor had the new page: ${Math.round(performance.now() - begin)} ms`)
})

test('asleep, it wakes for a terminal', async () => {
  await until('nobody holds it', async () => (await platform.ruche('sleep', 'alice')).code === 0)
  await page.goto(`https://${PANEL}/sites/alice/terminal`)
  const screen = page.getByRole('application', { name: 'Screen of the terminal' })
  await screen.getByText('$').first().waitFor()
  await screen.click()
  // In a colour of its own, which is not one of the palette's classes.
  await page.keyboard.type("printf '\\033[38;2;250;120;30m<%s>\\033[0m\\n' $((6 * 7))\n")
  const coloured = page.locator('.xterm-rows').getByText('<42>').first()
  await coloured.waitFor()
  expect(await coloured.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(250, 120, 30)')
  await page.goto(`https://${PANEL}/sites/alice`)
  await page.getByText('Running').first().waitFor()
})

test('stopped, its visitors read so in plain words; started, they see it again', async () => {
  await page.goto(`https://${PANEL}/sites/alice`)
  await button(/^Stop/).click()
  await button(/^Start/).waitFor()
  const site = await browser.context.newPage()
  const answer = await site.goto(`https://alice.${BASE_DOMAIN}/`)
  expect(answer?.status()).toBe(503)
  await site
    .getByText(/switched off/i)
    .first()
    .waitFor()
  await button(/^Start/).click()
  await button(/^Stop/).waitFor({ timeout: LIVE_MS })
  await site.goto(`https://alice.${BASE_DOMAIN}/`)
  await site.getByText('Edited 42').waitFor()
  await site.close()
})

test('somebody else’s site is refused', async () => {
  await page.goto(`https://${PANEL}/sites/bobs`)
  await page
    .getByText('There is no site “bobs”')
    .or(page.getByText('There is nothing here'))
    .or(page.getByText(/belongs to somebody else/))
    .first()
    .waitFor()
  const status = await page.evaluate(async () => (await fetch('/api/sites/bobs/files?path=')).status)
  expect(status).toBe(403)
})

test('it is deleted after its name was typed, and nothing of it is left', async () => {
  await page.goto(`https://${PANEL}/sites/alice/danger`)
  await button('Delete the site').click()
  await page.getByRole('dialog').getByRole('textbox').fill('alice')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await until('the site is gone', async () => (await platform.ruche('show', 'alice')).code === 3)
  await signOut()
})

test('a person without the right to create is told so', async () => {
  await signIn('guest')
  await page.getByText('You may not create sites.').first().waitFor()
  const status = await page.evaluate(async () => {
    const me = (await (await fetch('/api/session')).json()) as { csrfToken: string }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': me.csrfToken }
    return (await fetch('/api/sites', { method: 'POST', headers, body: '{"name":"mine"}' })).status
  })
  expect(status).toBe(403)
  await signOut()
})

test('an administrator sees every container and restarts one', async () => {
  const before = await platform.json<{ pid: number }>('show', 'bobs')
  await signIn('admin')
  await page.goto(`https://${PANEL}/platform/containers`)
  const row = page.getByRole('row').filter({ hasText: 'bobs' })
  await row.getByText('Running').waitFor()
  await row.getByRole('cell', { name: 'bob', exact: true }).waitFor()
  await row.getByRole('button', { name: /Restart/ }).click()
  const confirm = page.getByRole('dialog').getByRole('button', { name: /Restart/ })
  if (await confirm.isVisible()) await confirm.click()
  await until('it runs anew', async () => {
    const now = await platform.json<{ pid?: number; state: string }>('show', 'bobs')
    return now.state === 'running' && now.pid !== before.pid
  })
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(browser.complaints).toEqual([])
})
