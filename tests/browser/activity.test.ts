import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('alices', 'alice')
})
afterAll(() => pages?.close())

test('the owner reads who did what on the site, of what, and what was refused', async () => {
  const page = await pages.open('alice')
  await page.goto('/sites/alices/activity')
  await page.getByText('Nothing yet.').waitFor()
  const { activity, register } = pages.brain.dependencies
  const site = await register.db
    .selectFrom('sites')
    .select(['name', 'uuid'])
    .where('name', '=', 'alices')
    .executeTakeFirstOrThrow()
  const who = { login: 'bob', name: 'Bob', administrator: false, root: false }
  // Names of files are whatever somebody made of them.
  await activity.note({
    who,
    address: '192.0.2.7',
    act: 'removeFile',
    site,
    about: '<img src=x onerror=alert(1)>\u202e',
  })
  for (let n = 0; n < 60; n++) await activity.note({ who, address: '192.0.2.7', act: 'startSite', site })
  await page.reload()
  const rows = page.getByRole('table', { name: 'Activity' }).locator('tbody tr')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(50)
  expect(await rows.first().innerText()).toMatch(/bob\s+Start\s+192\.0\.2\.7/)
  await page.getByRole('button', { name: 'Show older' }).click()
  await page.getByText('<img src=x onerror=alert(1)>').waitFor()
  expect(await rows.count()).toBe(61)
  expect(await page.locator('table img').count()).toBe(0)
})

test('an administrator reads what everybody did, and narrows it down', async () => {
  const page = await pages.open('admin')
  await page.goto('/platform/activity')
  const rows = page.getByRole('table', { name: 'Activity of everybody' }).locator('tbody tr')
  await rows.first().waitFor()
  await page.getByLabel('Login').fill('nobody')
  await page.getByText('Nothing yet.').waitFor()
  await page.getByLabel('Login').fill('bob')
  await page.getByLabel('Name of a site').fill('alices')
  await rows.first().getByRole('link', { name: 'alices' }).click()
  await page.waitForURL('**/sites/alices')
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
