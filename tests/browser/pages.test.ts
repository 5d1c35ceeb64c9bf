import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.js'
import { stopSite } from '../../src/server/sites/power-site.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  await pages.addSite('bobs', 'bob')
})
afterAll(() => pages?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const link = (name: string | RegExp) => page.getByRole('link', { name, exact: typeof name === 'string' })
const dialog = () => page.getByRole('dialog')
const file = (name: string) => page.getByRole('treeitem', { name })
const text = (words: string | RegExp) => page.getByText(words).first()
const filesOf = (site: string) => {
  const cell = pages.brain.engine.cells.get(site)
  if (!cell) throw new Error(`no site ${site}`)
  return cell.files
}
const read = async (site: string, path: string) => Buffer.from((await filesOf(site).read(path)).content).toString()

async function type(words: string): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(words)
}

describe('signing in', () => {
  beforeEach(async () => {
    page = await pages.open(undefined)
    return () => page.context().close()
  })
  const fill = async (login: string, password: string) => {
    await page.getByLabel('User name').fill(login)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Sign in').click()
  }

  test('what is missing or wrong is said in words, and nothing typed is lost', async () => {
    await page.goto('/')
    await fill('', '')
    await text('Enter your user name.').waitFor()
    await fill('alice', 'not it')
    await text('User name or password is wrong.').waitFor()
    expect(await page.getByLabel('User name').inputValue()).toBe('alice')
    pages.brain.directory.isAway = true
    await button('Sign in').click()
    await text('The directory cannot be reached.').waitFor()
    pages.brain.directory.isAway = false
    const tooMany = { error: { code: 'limit_reached', message: 'Too many wrong passwords came from here.', id: 'x' } }
    await page.route('**/api/session', (route) => route.fulfill({ status: 429, json: tooMany }))
    await button('Sign in').click()
    await text('Too many tries.').waitFor()
  })

  test('it leads to where one was going', async () => {
    await page.goto('/sites/bobs/access?x=1')
    await fill('bob', 'bob-pass')
    await page.waitForURL('**/sites/bobs/access?x=1')
    await page.getByRole('heading', { name: 'bobs' }).waitFor()
  })

  test('a sample account signs in with one click, and out again', async () => {
    await page.goto('/sign-in')
    await button('Sign in as guest').click()
    await text('You may not create sites.').waitFor()
    await button('Account of Guest Example').click()
    await button('Sign out').click()
    await page.waitForURL('**/sign-in')
    await page.goto('/sites')
    await page.waitForURL('**/sign-in?to=*')
  })
})

describe('a person', () => {
  beforeAll(async () => {
    page = await pages.open('alice', { permissions: ['clipboard-read', 'clipboard-write'] })
    return () => page.context().close()
  })

  test('has a live site after two clicks, and sees every step with its time', async () => {
    await page.goto('/sites')
    await text('Your first site is two clicks away').waitFor()
    const release = pages.brain.engine.holdNext('start')
    await link('Create a site').click()
    await text('This name is free').waitFor()
    await button('Create').click()
    await page.waitForURL('**/sites/alice')
    await page.locator('[aria-current=step]').first().waitFor()
    release()
    await text('Your site is live').waitFor()
    expect(await link('Open').first().getAttribute('href')).toBe('https://alice.sites.localhost/')
    await page.locator('.operation summary').click()
    expect(await page.locator('.operation .steps-time').allTextContents()).not.toContain('–')
  })

  test('is told while typing what is wrong with a name', async () => {
    await page.goto('/create')
    const name = page.getByLabel('Name', { exact: true })
    for (const [typed, said] of [
      ['My shop', 'Only lower-case letters'],
      ['admin', 'This name is reserved.'],
      ['bobs', 'this name is taken'],
      ['shop', 'This name is free'],
    ] as const) {
      await name.fill(typed)
      await text(said).waitFor()
    }
    await page.getByLabel('MariaDB').check()
    await text(/nginx · PHP · MariaDB/).waitFor()
    await page.getByLabel('Your own domain').fill('*.example.org')
    await button('Create').click()
    await text('Write a domain name').waitFor()
    await page.getByLabel('Your own domain').fill('www.sites.localhost')
    await button('Create').click()
    await text('names below sites.localhost are given by the platform').waitFor()
  })

  test('sees changes that happen elsewhere without reloading', async () => {
    await page.goto('/sites')
    const row = page.getByRole('row').filter({ hasText: 'alice' })
    await row.getByText('Running').waitFor()
    pages.brain.engine.halt('alice', 'failed')
    await row.getByText('It ended (signal 9).').waitFor()
    await pages.addSite('second', 'alice', { language: 'static' })
    await page.getByRole('row').filter({ hasText: 'second' }).getByText('Running').waitFor()
    await row.getByRole('button', { name: 'Start alice' }).click()
    await row.getByText('Running').waitFor()
  })

  test('stops and starts a site; a failure is told with what to do, and stays', async () => {
    await page.goto('/sites/alice')
    await button('Stop').click()
    await text('Stopped').waitFor()
    // Twice: the platform, too, tries once more by itself before it waits.
    const failure = new AppError('host_failed', 'No memory is left.', { hint: 'Stop another site.' })
    for (let n = 0; n < 2; n++) pages.brain.engine.failNext('start', failure, 'alice')
    await button('Start').click()
    const message = page.locator('.toast-box')
    await message.getByText('Stop another site.').waitFor()
    await text('The site does not run').waitFor()
    await message.getByRole('button', { name: 'Close' }).click()
    await button('Start').click()
    await text('Running').waitFor()
  })

  test('edits a file and saves it with the keyboard', async () => {
    await page.goto('/sites/alice/files')
    await file('index.php').click()
    await page.locator('.cm-content').waitFor()
    await type('<h1>Edited</h1>\n')
    await file('index.php').getByText('Not saved').waitFor({ state: 'attached' })
    await link('Access').click()
    await link(/^Files/).click()
    await file('index.php').click()
    await page.locator('.cm-content').getByText('Edited').waitFor()
    await page.keyboard.press('Control+S')
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await read('alice', 'public/index.php')).toBe('<h1>Edited</h1>\n')
    expect(await link(/Open page/).getAttribute('href')).toBe('https://alice.sites.localhost/')
  })

  test('is warned when the file was changed meanwhile, and loses neither version', async () => {
    await type('mine')
    filesOf('alice').put('public/index.php', Buffer.from('theirs'))
    await page.keyboard.press('Control+S')
    await dialog().getByText('The file was changed meanwhile').waitFor()
    expect(await dialog().getByLabel('Your lines').inputValue()).toMatch(/mine/)
    expect(await dialog().getByLabel('Lines on the server').inputValue()).toMatch(/theirs/)
    expect(await read('alice', 'public/index.php')).toBe('theirs')
    await button('Keep mine and save').click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await read('alice', 'public/index.php')).toBe('mine')
    await type('mine again')
    filesOf('alice').put('public/index.php', Buffer.from('theirs again'))
    await button('Save').click()
    await button('Load theirs, drop mine').click()
    await page.locator('.cm-content').getByText('theirs again').waitFor()
  })

  test('keeps what was typed when the session ends, signs in again in place, and it is saved', async () => {
    await type('typed before the session ended')
    await page.context().clearCookies()
    await page.keyboard.press('Control+S')
    await dialog().getByText('Please sign in again').waitFor()
    await dialog().getByLabel('Password').fill('wrong')
    await button('Sign in').click()
    await dialog().getByText('User name or password is wrong.').waitFor()
    await dialog().getByLabel('Password').fill('alice-pass')
    await button('Sign in').click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await read('alice', 'public/index.php')).toBe('typed before the session ended')
  })

  test('makes, renames and deletes files; hostile names and binary files do no harm', async () => {
    await file('public').focus()
    await page.keyboard.press('Home')
    await file('public').click()
    await file('public').click()
    await button('New file').click()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    await dialog().getByLabel('Name').fill('<img src=x onerror=alert(1)>.html')
    await button('Create').click()
    await file('<img src=x onerror=alert(1)>.html').waitFor()
    await button('Rename').click()
    await dialog().getByLabel('Name').fill('about.html')
    await dialog().getByRole('button', { name: 'Rename' }).click()
    await file('about.html').waitFor()
    await button('Delete').click()
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await file('about.html').waitFor({ state: 'detached' })
    filesOf('alice').put('public/photo.bin', Buffer.from([0, 255, 254, 0]))
    await button('Refresh').click()
    await file('photo.bin').click()
    await text('This is not a text file').waitFor()
  })

  test('finds how to reach the files, and changes it', async () => {
    await page.goto('/sites/alice/access')
    await text(/^sftp -P \d+ site@alice\.sites\.localhost$/).waitFor()
    await button('Copy Password').click()
    const before = await page.evaluate(() => navigator.clipboard.readText())
    expect(await page.getByText(before).count()).toBe(0)
    await button('Show Password').click()
    await page.getByText(before).waitFor()
    await button('New password').click()
    await dialog().getByRole('button', { name: 'New password' }).click()
    await page.getByText(before).waitFor({ state: 'detached' })
    await button('Add a key').click()
    await dialog().getByLabel('Public key').fill('-----BEGIN OPENSSH PRIVATE KEY-----')
    await dialog().getByRole('button', { name: 'Add' }).click()
    await text('never give it away').waitFor()
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f laptop'
    await dialog().getByLabel('Public key').fill(key)
    await dialog().getByRole('button', { name: 'Add' }).click()
    await button('Remove the key laptop').click()
    await dialog().getByRole('button', { name: 'Remove' }).click()
    await text('No key yet.').waitFor()
  })

  test('changes limits with one save, which waits while another page is shown', async () => {
    await page.goto('/sites/alice/settings')
    await page.getByLabel('Memory').fill('9999')
    await button('Save').click()
    await text('This is more than your quota leaves.').waitFor()
    await page.getByLabel('Memory').fill('300')
    await link('Overview').click()
    await link('Settings').click()
    expect(await page.getByLabel('Memory').inputValue()).toBe('300')
    await button('Save').click()
    await text('The limits of alice are changed.').waitFor()
    expect(pages.brain.engine.specOf('alice')?.limits.memoryBytes).toBe(300 * 1024 ** 2)
    await button('Save').waitFor({ state: 'detached' })
  })

  test('is told when the connection is cut, and it catches up by itself', async () => {
    await page.goto('/sites')
    await page.getByRole('row').filter({ hasText: 'alice' }).waitFor()
    await page.route('**/api/events', (route) => route.abort())
    await page.reload()
    await text('The connection to the server is cut.').waitFor()
    const { dependencies } = pages.brain
    await dependencies.operations.ended((await stopSite(dependencies, 'second', 'alice')).id)
    // Pressed while it is still cut: the page tries by itself, too, and the button goes as soon as one try succeeds.
    const tried = page.waitForRequest('**/api/events')
    await button('Try again').click()
    await tried
    await page.unroute('**/api/events')
    await page.getByRole('row').filter({ hasText: 'second' }).getByText('Stopped').waitFor()
    await text('The connection to the server is cut.').waitFor({ state: 'detached' })
  })

  test('deletes a site after typing its name', async () => {
    await page.goto('/sites/alice/danger')
    await button('Delete the site').click()
    const confirm = dialog().getByRole('button', { name: 'Delete the site' })
    await dialog().getByRole('textbox').fill('alic')
    expect(await confirm.isDisabled()).toBe(true)
    await dialog().getByRole('textbox').fill('alice')
    await confirm.click()
    await page.waitForURL('**/sites')
    await text('alice has been deleted.').waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'alice' }).count()).toBe(0)
    expect(pages.brain.engine.cells.has('alice')).toBe(false)
  })

  test('finds nothing at other people’s addresses', async () => {
    await page.goto('/sites/bobs')
    await page.getByRole('heading', { name: 'There is no site “bobs”' }).waitFor()
    await page.goto('/platform')
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  })
})

describe('an administrator', () => {
  beforeAll(async () => {
    await pages.addSite('claires', 'claire', { database: 'mariadb' })
    page = await pages.open('admin')
    return () => page.context().close()
  })
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const names = () => page.locator('tbody .row-name').allTextContents()

  test('sees every container, sorts and filters them', async () => {
    await page.goto('/platform/containers')
    await row('claires').getByText('nginx · PHP · MariaDB').waitFor()
    expect(await names()).toEqual(['bobs', 'claires', 'second'])
    await button('Name').click()
    expect(await names()).toEqual(['second', 'claires', 'bobs'])
    await page.getByLabel('State').selectOption('Failed')
    await text('Nothing matches.').waitFor()
    await page.getByLabel('State').selectOption('Any state')
    await page.getByLabel('Name, owner, domain').fill('claire')
    expect(await names()).toEqual(['claires'])
  })

  test('restarts and stops several at once, each its own operation', async () => {
    await page.goto('/platform/containers')
    await page.getByLabel('Select bobs').check()
    await page.getByLabel('Select claires').check()
    await button('Restart').click()
    await dialog().getByText('bobs, claires').waitFor()
    await dialog().getByRole('button', { name: 'Restart' }).click()
    await text('bobs has been restarted.').waitFor()
    await text('claires has been restarted.').waitFor()
    const calls = pages.brain.engine.calls.filter((call) => call.startsWith('stop '))
    expect(calls).toEqual(expect.arrayContaining(['stop bobs', 'stop claires']))
  })

  test('is told for which containers something was refused, and they stay selected', async () => {
    await page.goto('/platform/containers')
    await page.getByLabel('Select bobs').check()
    await page.getByLabel('Select claires').check()
    await page.route('**/api/sites/bobs/stop', (route) =>
      route.fulfill({ status: 423, json: { error: { code: 'busy', message: 'bobs is busy.', id: 'x' } } }),
    )
    await button('Stop').click()
    await dialog().getByRole('button', { name: 'Stop' }).click()
    await text('Refused for bobs').waitFor()
    await row('claires').getByText('Stopped').waitFor()
    expect(await page.getByLabel('Select bobs').isChecked()).toBe(true)
    expect(await page.getByLabel('Select claires').isChecked()).toBe(false)
  })

  test('decides about a person with a reason', async () => {
    await page.goto('/platform/people')
    await button('Edit Bob Example').or(button('Edit bob')).click()
    await dialog().getByLabel('Another quota than the group’s').check()
    await dialog().getByLabel('Sites').fill('7')
    await button('Save').click()
    await dialog().getByText('Give a reason').waitFor()
    await dialog().getByLabel('Reason').fill('runs the club')
    await button('Save').click()
    await row('bob').getByText('runs the club').waitFor()
    await row('bob').getByText('of 7').waitFor()
  })

  test('builds a template and removes one that no site uses', async () => {
    await page.goto('/platform/templates')
    await button('Build a template').click()
    await dialog().getByRole('radio', { name: /^PHP/ }).check()
    await dialog().getByLabel('SQLite').check()
    await dialog().getByRole('button', { name: 'Build a template' }).click()
    await row('nginx · PHP · SQLite').waitFor()
    await button('Delete the template nginx · PHP · SQLite').click()
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await row('nginx · PHP · SQLite').waitFor({ state: 'detached' })
  })

  test('manages a site of somebody else but does not read what is in it', async () => {
    await page.goto('/sites/claires')
    await link('Settings').waitFor()
    expect(await link('Files').count()).toBe(0)
    await page.goto('/sites/claires/files')
    await text('What is in a site is its owner’s alone').waitFor()
  })
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
