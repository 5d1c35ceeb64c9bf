import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages?.close())

const HOSTILE = 'Mind <img src=x onerror=alert(1)> \u202etonight'

test('an administrator tells everybody, who see it at once, close it, and see it again when it changed', async () => {
  const reader = await pages.open('bob')
  await reader.goto('/sites')
  await reader.locator('.empty').waitFor()
  const admin = await pages.open('admin')
  await admin.goto('/platform/announcements')
  await admin.getByText('Nothing is announced').waitFor()
  await admin.getByRole('button', { name: 'Write an announcement' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Write a text in English or in French.').waitFor()
  await dialog.getByLabel('Text in English').fill(HOSTILE)
  await dialog.getByLabel('Until').fill('2020-01-01T10:00')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('This end is over.').waitFor()
  // Nothing that was typed is lost.
  expect(await dialog.getByLabel('Text in English').inputValue()).toBe(HOSTILE)
  await dialog.getByLabel('Until').fill('2099-01-01T10:00')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  const banner = reader.locator('.announcement')
  await banner.waitFor()
  // Inert, and what would turn the line around is made visible.
  expect(await banner.innerText()).toContain('Mind <img src=x onerror=alert(1)> \\u{202e}tonight')
  expect(await banner.locator('img').count()).toBe(0)
  await banner.getByRole('button', { name: /^Close/ }).click()
  await banner.waitFor({ state: 'detached' })
  expect(await reader.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await reader.reload()
  await reader.locator('.empty').waitFor()
  expect(await banner.count()).toBe(0)
  await admin.getByRole('button', { name: 'Change the announcement' }).click()
  await dialog.getByLabel('Text in French').fill('Attention ce soir')
  await dialog.getByLabel('Warning').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await banner.waitFor()
  expect(await banner.locator('[lang=en]').count()).toBe(1)
})

test('a warning is on the sign-in page, in the language of who reads', async () => {
  const stranger = await pages.open(undefined, { locale: 'fr-FR' })
  await stranger.goto('/sign-in')
  await stranger.locator('.note-warn').getByText('Attention ce soir').waitFor()
  const admin = await pages.open('admin')
  await admin.goto('/platform/announcements')
  await admin.getByRole('button', { name: 'Remove the announcement' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await admin.getByText('Nothing is announced').waitFor()
  await admin.locator('.announcement').waitFor({ state: 'detached' })
  await stranger.reload()
  await stranger.locator('.samples').waitFor()
  expect(await stranger.locator('.note-warn').count()).toBe(0)
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
