import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.js'
import { runOffSiteRound } from '../../src/server/sites/off-site-rounds.js'
import { FakeOffSite } from '../helpers/fake-off-site.js'
import { openPages, type Pages } from '../helpers/open-pages.js'

const offSite = new FakeOffSite()
let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages({}, offSite)
  await pages.addSite('bobs', 'bob')
})
afterAll(() => pages?.close())
beforeEach(async () => {
  page = await pages.open('bob')
  return () => page.context().close()
})

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const dialog = () => page.getByRole('dialog')
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true })
const text = (words: string | RegExp) => page.getByText(words).first()
const cellOf = (site: string) => {
  const cell = pages.brain.engine.cells.get(site)
  if (!cell) throw new Error(`no site ${site}`)
  return cell
}
const read = async (site: string, path: string) => Buffer.from((await cellOf(site).files.read(path)).content).toString()
const write = (site: string, path: string, content: string) => cellOf(site).files.put(path, Buffer.from(content))
const uuidOf = async (name: string) => {
  const { uuid } = await pages.brain.dependencies.register.db
    .selectFrom('sites')
    .select('uuid')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return uuid
}

describe('backups', () => {
  const more = async (what: string) => {
    await button(/^More for the backup/)
      .first()
      .click()
    await page.locator('.row-menu').getByText(what).click()
  }

  test('one is made, marked as proven, and brings everything back', async () => {
    await page.goto('/sites/bobs/backups')
    await text('There is no backup yet.').waitFor()
    write('bobs', 'public/index.php', 'before')
    await button('Back up now').click()
    await text(/^Proven/).waitFor()
    write('bobs', 'public/index.php', 'after')
    await more('Restore in place…')
    await text('what came after is lost').waitFor()
    await inDialog('Restore').click()
    await text('bobs is restored.').waitFor()
    expect(await read('bobs', 'public/index.php')).toBe('before')
  })

  test('one file comes back, found by a part of its name', async () => {
    await page.goto('/sites/bobs/backups')
    write('bobs', 'public/index.php', 'spoiled')
    await more('Bring back a file or folder…')
    await page.getByLabel('File or folder').fill('INDEX')
    await dialog().getByRole('button', { name: 'public/index.php' }).click()
    await inDialog('Restore').click()
    await text('bobs is restored.').waitFor()
    expect(await read('bobs', 'public/index.php')).toBe('before')
  })

  test('a copy of a backup and of the site as it is begin as sites of their own', async () => {
    write('bobs', 'public/index.php', 'now')
    await page.goto('/sites/bobs/backups')
    await button('Restore as a copy').click()
    await inDialog('Restore').click()
    await page.waitForURL('**/sites/bobs-copy')
    await text('Your site is live').waitFor()
    expect(await read('bobs-copy', 'public/index.php')).toBe('before')
    await page.goto('/sites/bobs/backups')
    await button('Copy the site').click()
    await dialog().getByText(/taken/).waitFor()
    await page.getByLabel('Name').fill('bobs-twin')
    await inDialog('Copy').click()
    await page.waitForURL('**/sites/bobs-twin')
    await text('Your site is live').waitFor()
    expect(await read('bobs-twin', 'public/index.php')).toBe('now')
  })

  test('the archive is downloaded under a name that says what it is', async () => {
    await page.goto('/sites/bobs/backups')
    await button(/^More for the backup/).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download').click()])
    expect(download.suggestedFilename()).toMatch(/^bobs-\d{4}-\d\d-\d\d-[a-z2-7]{12}\.tar$/)
  })

  test('one that does not answer is red and says why, until it does', async () => {
    const backups = pages.brain.engine.backups(await uuidOf('bobs'))
    backups.fault = { reason: 'Its page answers 500.', pageStatus: 500 }
    await page.goto('/sites/bobs/backups')
    await more('Try it out again')
    await text(/Not proven\.\s+Its page answers 500\./).waitFor()
    expect(await page.getByText(/^Proven/).count()).toBe(0)
    backups.fault = undefined
    await more('Try it out again')
    await text(/^Proven/).waitFor()
  })

  test('how its copy elsewhere stands is told, and one that is only there is fetched back', async () => {
    const round = () => runOffSiteRound(pages.brain.dependencies)
    await page.goto('/sites/bobs/backups')
    await text('Will be copied elsewhere').waitFor()
    offSite.fault = new AppError('host_failed', 'The repository does not answer.')
    await round()
    await page.reload()
    await text(/Not copied elsewhere\. The repository does not answer\. Next try/).waitFor()
    offSite.fault = undefined
    pages.brain.clock.pass(5 * 60_000)
    await round()
    await page.reload()
    await text(/^Copied elsewhere/).waitFor()
    const [kept] = [...offSite.kept.values()]
    await pages.brain.engine.backups(await uuidOf('bobs')).remove(kept?.copy.id ?? '')
    await page.reload()
    await text('Only elsewhere').waitFor()
    await button(/^Fetch the backup of/).click()
    await text(/^Proven|Not tried out yet/).waitFor()
    expect(await page.getByText('Only elsewhere').count()).toBe(0)
  })

  test('the plan is kept, and what makes no sense is refused at its field', async () => {
    await page.goto('/sites/bobs/backups')
    await page.getByLabel('Days of which one is kept').fill('0')
    await button('Save').click()
    await text('From 1 to 31.').waitFor()
    await page.getByLabel('Days of which one is kept').fill('3')
    await page.getByLabel('Make a backup every day').uncheck()
    await button('Save').click()
    await text('No backup is made by itself.').waitFor()
    await page.reload()
    await text('No backup is made by itself.').waitFor()
    expect(await page.getByLabel('Days of which one is kept').inputValue()).toBe('3')
  })

  test('a backup is deleted after a question', async () => {
    await page.goto('/sites/bobs/backups')
    await more('Delete…')
    await inDialog('Delete').click()
    await text('There is no backup yet.').waitFor()
  })
})

test('a deleted site is brought back under another name, and another is deleted for good', async () => {
  const remove = async (name: string) => {
    await page.goto(`/sites/${name}/danger`)
    await button('Delete the site').click()
    await page.getByLabel(`Type “${name}” to confirm`).fill(name)
    await inDialog('Delete the site').click()
    await text(`${name} has been deleted.`).waitFor()
  }
  write('bobs-copy', 'public/index.php', 'kept')
  await remove('bobs-copy')
  await button('Account of Bob Example').click()
  await page.getByRole('link', { name: 'Deleted sites' }).click()
  await button('Bring back').click()
  await page.getByLabel('Name').fill('anew')
  await inDialog('Bring back').click()
  await page.waitForURL('**/sites/anew')
  await text('Your site is live').waitFor()
  expect(await read('anew', 'public/index.php')).toBe('kept')
  await remove('anew')
  await page.goto('/trash')
  await button('Delete for good').click()
  expect(await inDialog('Delete for good').isDisabled()).toBe(true)
  await page.getByLabel('Type “anew” to confirm').fill('anew')
  await inDialog('Delete for good').click()
  await text('No deleted sites').waitFor()
})

describe('the people of a site', () => {
  test('somebody is let in, may more, and leaves', async () => {
    await page.goto('/sites/bobs/people')
    await page.getByLabel('User name').fill('nobody-at-all')
    await button('Add').click()
    await page.locator('.note-error').waitFor()
    await page.getByLabel('User name').fill('claire')
    await page.getByLabel('May', { exact: true }).selectOption('look')
    await button('Add').click()
    await page.getByLabel('What Claire Example may do').selectOption('manage')
    const theirs = await pages.open('claire')
    await theirs.goto('/sites/bobs/people')
    await theirs.getByRole('button', { name: 'Leave the site' }).click()
    await theirs.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click()
    await theirs.waitForURL('**/sites')
    await theirs.goto('/sites/bobs')
    await theirs.getByText('There is no site bobs').or(theirs.getByText('bobs')).first().waitFor()
    await theirs.context().close()
    await page.reload()
    await text('Bob Example').waitFor()
    expect(await page.getByText('Claire Example').count()).toBe(0)
  })

  test('the site is given to somebody else', async () => {
    await page.goto('/sites/bobs-twin/danger')
    await button('Give the site to somebody else').click()
    await page.getByLabel('User name of the new owner').fill('claire')
    await inDialog('Give').click()
    const theirs = await pages.open('claire')
    await theirs.goto('/sites')
    await theirs.getByRole('link', { name: 'bobs-twin', exact: true }).waitFor()
    await theirs.context().close()
  })
})

describe('the profile', () => {
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl bob@laptop'

  test('keys come and go', async () => {
    await page.goto('/profile')
    await button('Add a key').click()
    await page.getByLabel('Public key').fill(KEY)
    await inDialog('Add').click()
    await text('SHA256:').waitFor()
    await button('Remove the key bob@laptop').click()
    await inDialog('Remove').click()
    await text('No key yet.').waitFor()
  })

  test('a token is shown once, works, and is worth nothing when it is removed', async () => {
    await page.goto('/profile')
    await button('New token').click()
    await inDialog('Create').click()
    await text('Enter a name.').waitFor()
    await page.getByLabel('Name').fill('backup script')
    await inDialog('Create').click()
    const secret = (await dialog().locator('code').textContent()) ?? ''
    await page.keyboard.press('Escape')
    await button('I have kept it').click()
    const ask = () => fetch(`${pages.origin}/api/sites`, { headers: { authorization: `Bearer ${secret}` } })
    expect((await ask()).status).toBe(200)
    expect(await page.content()).not.toContain(secret)
    await button('Remove the token backup script').click()
    await inDialog('Remove').click()
    await text('No token yet.').waitFor()
    expect((await ask()).status).toBe(401)
  })

  test('other browsers are signed out from here', async () => {
    const other = await pages.open('bob')
    await page.goto('/profile')
    await text('this browser').waitFor()
    await button('Sign out everywhere else').click()
    await inDialog('Sign out').click()
    await button('Sign out everywhere else').waitFor({ state: 'detached' })
    await other.goto('/sites')
    await other.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    await other.context().close()
  })
})

describe('how a site is served', () => {
  const settingsOf = (site: string) => {
    const settings = pages.brain.proxy.routes?.sites.find(({ name }) => name === site)?.settings
    return settings === 'unreadable' ? undefined : settings
  }

  test('a password needs one, and is never shown again', async () => {
    await page.goto('/sites/bobs/visitors')
    await page.getByLabel('Who knows a name and a password').check()
    await button('Save').click()
    await text('At least 6 characters.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('open sesame')
    await button('Save').click()
    await text('bobs is served as you set it.').waitFor()
    await text('Empty: the one of now stays.').waitFor()
    expect(settingsOf('bobs')?.visitors).toBe('password')
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await button('Save').waitFor({ state: 'detached' })
    await page.getByLabel('Everybody').check()
    await button('Save').click()
    await expect.poll(() => settingsOf('bobs')?.visitors).toBe('everybody')
  })

  test('what the server refuses is said at its field, and nothing typed is lost', async () => {
    await page.goto('/sites/bobs/visitors')
    await page.getByLabel('Only from these addresses').fill('192.0.2.7\nnot an address')
    await button('Save').click()
    await page.locator('.field-error').waitFor()
    expect(await page.getByLabel('Only from these addresses').getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel('Only from these addresses').inputValue()).toContain('not an address')
    await button('Reset').click()
    await button('Save').waitFor({ state: 'detached' })
  })

  test('a redirect is tried before it is saved', async () => {
    await page.goto('/sites/bobs/visitors')
    await page.locator('section', { hasText: 'Redirects' }).getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByLabel('From', { exact: true }).fill('/old/*')
    await page.getByLabel('To', { exact: true }).fill('/new/*')
    const address = page.getByLabel('What a visit of this address would meet')
    await address.fill(`${await address.inputValue()}old/page`)
    await address.press('Enter')
    await text(/It is led to .*\/new\/page \(302\)\./).waitFor()
    await button('Save').click()
    await expect.poll(() => settingsOf('bobs')?.redirects).toEqual([{ from: '/old/*', to: '/new/*', status: 302 }])
  })
})

test('asks for nothing that no page may ask for', () => expect(pages.complaints).toEqual([]))
