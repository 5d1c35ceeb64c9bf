import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

/** What the pages show and change of a site's own code: its variables, its programs. */
let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('shop', 'alice')
})
afterAll(() => pages?.close())
beforeEach(async () => {
  page = await pages.open('alice')
  return () => page.context().close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const dialog = () => page.getByRole('dialog')
const text = (words: string | RegExp) => page.getByText(words).first()

test('gives variables to the code of a site, sees a value only when asked for, and takes them away', async () => {
  const given = () => pages.brain.engine.specOf('shop')?.settings.environment
  await page.goto('/sites/shop/settings')
  await button('Add a variable').click()
  await dialog().getByLabel('Name').fill('DATABASE_URL')
  await dialog().getByLabel('Value').fill('hush-hush')
  await button('Save').click()
  await dialog().getByText('the platform gives this variable itself').waitFor()
  await dialog().getByLabel('Name').fill('API_KEY')
  await button('Save').click()
  await text('The variables of shop are changed.').waitFor()
  await button('Remove API_KEY').waitFor()
  expect(given()).toEqual({ API_KEY: 'hush-hush' })
  expect(await page.getByText('hush-hush').count()).toBe(0)
  await button('Show API_KEY').click()
  await text('hush-hush').waitFor()
  await button('Change API_KEY').click()
  await dialog().getByLabel('Value').fill('another')
  await button('Save').click()
  await expect.poll(given).toEqual({ API_KEY: 'another' })
  await button('Remove API_KEY').click()
  await dialog().getByRole('button', { name: 'Remove' }).click()
  await text('No variable yet.').waitFor()
  expect(given()).toEqual({})
})

test('tells which program has ended, why, with its last lines, and when timed commands are due', async () => {
  const cell = pages.brain.engine.cells.get('shop') ?? expect.fail('no site')
  const soon = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  cell.log.push({ source: 'programs', text: 'Error: planted <b>failure</b>' })
  cell.programs = {
    installing: false,
    programs: [
      {
        name: 'web',
        state: 'waiting',
        since: soon(-4),
        againAt: soon(4),
        crashes: 3,
        lastEnd: { code: 1, at: soon(-4) },
      },
      { name: 'worker', command: 'php bin/worker.php', state: 'running', since: soon(-3600), crashes: 0 },
    ],
    cron: [
      {
        line: 1,
        times: '*/5 * * * *',
        command: 'php bin/mail.php',
        nextAt: soon(240),
        lastEnd: { code: 0, at: soon(-60) },
      },
    ],
  }
  await page.goto('/sites/shop')
  await text('Your program “web” ends as soon as it is started').waitFor()
  await text(/^Ended with code 1, .* It is started again at /).waitFor()
  expect(await page.getByLabel('Last lines of the programs').inputValue()).toBe('Error: planted <b>failure</b>')
  await text('php bin/worker.php').waitFor()
  await text('*/5 * * * *').waitFor()
  await text(/^Ran /).waitFor()
  cell.programs = { installing: false, installFailed: 1, programs: [], cron: [] }
  await page.reload()
  await text('What your code needs could not be installed (code 1)').waitFor()
  cell.programs = { installing: false, programs: [], cron: [] }
  await page.reload()
  await text('Use of its limits').waitFor()
  expect(await page.getByRole('heading', { name: 'Programs' }).count()).toBe(0)
})

test('an administrator does not see them', async () => {
  const other = await pages.open('admin')
  await other.goto('/sites/shop/settings')
  await other.getByRole('heading', { name: 'Limits' }).waitFor()
  expect(await other.getByText('Environment variables').count()).toBe(0)
  await other.context().close()
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
