import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/model/errors.js'
import { openPages, type Pages } from '../helpers/open-pages.js'
import { until } from '../helpers/programs.js'

/** Marks the page when it is taken for more than text. */
const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>{{name}}$t(action.save)'
const ODD_NAMES = [
  '__proto__',
  'constructor',
  '-rf',
  'a\nb',
  '\u202egpj.exe',
  '\u001b[31mred',
  '"><svg onload=pwned=3>',
]
let pages: Pages
let page: Page

beforeAll(async () => {
  pages = await openPages()
  pages.brain.directory.add('eve', 'eve-pass', { name: `Eve ${HOSTILE}`, creator: true })
  await pages.addSite('evil', 'eve')
  await pages.addSite('bobs', 'bob')
})
afterAll(() => pages?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const dialog = () => page.getByRole('dialog')
const file = (name: string) => page.getByRole('treeitem', { name })
const filesOf = (site: string) => {
  const cell = pages.brain.engine.cells.get(site)
  if (!cell) throw new Error(`no site ${site}`)
  return cell.files
}
const read = async (site: string, path: string) => Buffer.from((await filesOf(site).read(path)).content)

async function expectInert(): Promise<void> {
  const seen = await page.evaluate(() => ({
    pwned: (window as { pwned?: number }).pwned,
    elements: document.querySelectorAll('img[src=x], svg[onload], main script').length,
    polluted: 'administrator' in {},
  }))
  expect(seen).toEqual({ pwned: undefined, elements: 0, polluted: false })
}

describe('hostile text', () => {
  test('WEB-2: in a name of the directory, in what operations say, and in what administrators write', async () => {
    page = await pages.open('eve')
    const failure = new AppError('host_failed', `It says ${HOSTILE}`, { hint: `Try ${HOSTILE}` })
    for (let n = 0; n < 3; n++) pages.brain.engine.failNext('stop', failure, 'evil')
    await page.goto('/sites/evil')
    await button('Stop').click()
    await page.locator('.toast-box').getByText(`It says ${HOSTILE}`).waitFor()
    await page.locator('.operation summary').first().click()
    await page.locator('.operation').getByText(`Try ${HOSTILE}`).first().waitFor()
    await expectInert()
    await button(/^Account of Eve/).click()
    await page.getByText(`Eve ${HOSTILE}`).first().waitFor()
    await expectInert()
    await page.context().close()
  })

  test('WEB-2: in names of files, links and what is in them', async () => {
    for (const name of [HOSTILE.replaceAll('/', '∕'), ...ODD_NAMES])
      filesOf('evil').put(`public/${name}`, Buffer.from(HOSTILE))
    page = await pages.open('eve')
    await page.goto('/sites/evil/files')
    for (const name of ['__proto__', 'constructor', '-rf', 'a^Jb', '\\u{202e}gpj.exe', '^[[31mred', '"><svg onload']) {
      await file(name).click()
      await page.locator('.cm-content').getByText('window.pwned=2').first().waitFor()
    }
    await expectInert()
    await page.context().close()
  })

  test('WEB-2: an administrator who looks at people, sites and reasons sees it as text', async () => {
    page = await pages.open('admin')
    await page.goto('/platform/people')
    await button(/^Edit Eve/).click()
    await dialog().getByLabel('Another quota than the group’s').check()
    await dialog().getByLabel('Reason').fill(`Because \u202e ${HOSTILE}`)
    await button('Save').click()
    await page.getByText(`Because \\u{202e} ${HOSTILE}`).waitFor()
    await expectInert()
    await page.goto('/platform/containers')
    await page.getByRole('row').filter({ hasText: 'evil' }).waitFor()
    await expectInert()
  })

  test('WEB-2: even HTML that got into a page would not run', async () => {
    const refused = await page.evaluate((html) => {
      const made = document.createElement('div')
      try {
        made.innerHTML = html
        return false
      } catch {
        return true
      }
    }, HOSTILE)
    expect(refused).toBe(true)
    // Neither script nor handler that stands in the page as text is run.
    const violated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
          const script = document.createElement('script')
          try {
            script.textContent = 'window.pwned=4'
          } catch {
            // The browser refuses the text itself; by nodes it is taken, and must not run.
          }
          script.append('window.pwned=5')
          document.body.append(script)
          setTimeout(() => resolve('none'), 2000)
        }),
    )
    expect(violated).not.toBe('none')
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined()
    // The browser says that it refused, which is what was wanted.
    expect(pages.complaints.splice(0).join()).toMatch(/Trusted|Content Security Policy/)
    await page.context().close()
  })
})

describe('the editor', () => {
  test('WEB-5: of two tabs that save the same file the later is told, and neither text is lost', async () => {
    filesOf('bobs').put('public/two.txt', Buffer.from('first'))
    const one = await pages.open('bob')
    const two = await one.context().newPage()
    for (const tab of [one, two]) {
      await tab.goto('/sites/bobs/files?file=public/two.txt')
      await tab.locator('.cm-content').getByText('first').waitFor()
    }
    for (const [tab, text] of [
      [one, 'from one'],
      [two, 'from two'],
    ] as const) {
      await tab.locator('.cm-content').click()
      await tab.keyboard.press('Control+A')
      await tab.keyboard.insertText(text)
      await tab.keyboard.press('Control+S')
      if (tab === one) await tab.getByText('Saved', { exact: true }).waitFor()
    }
    await two.getByRole('dialog').getByText('The file was changed meanwhile').waitFor()
    expect(String(await read('bobs', 'public/two.txt'))).toBe('from one')
    expect(await two.locator('.cm-content').textContent()).toContain('from two')
    await one.context().close()
  })

  test('WEB-5: a stale tab does not bring back a file that was deleted', async () => {
    filesOf('bobs').put('public/gone.txt', Buffer.from('here'))
    page = await pages.open('bob')
    await page.goto('/sites/bobs/files?file=public/gone.txt')
    await page.locator('.cm-content').getByText('here').waitFor()
    await filesOf('bobs').remove('public/gone.txt')
    await page.locator('.cm-content').click()
    await page.keyboard.insertText('more')
    await page.keyboard.press('Control+S')
    await dialog().waitFor()
    await expect(read('bobs', 'public/gone.txt')).rejects.toThrow('There is no')
    await page.context().close()
  })

  test('WEB-5: bytes of every kind survive', async () => {
    const crlf = 'one\r\ntwo\r\n\tthree é 𝄞\r\n'
    const bytes: [name: string, content: Buffer, said?: string][] = [
      ['crlf.txt', Buffer.from(crlf)],
      ['mark.txt', Buffer.from('\ufeffmarked\n')],
      ['utf16.txt', Buffer.from('\ufeffsixteen', 'utf16le'), 'This is not a text file'],
      ['photo.bin', Buffer.from([0xff, 0xd8, 0, 1, 2]), 'This is not a text file'],
      ['latin1.txt', Buffer.from([0x63, 0xe9]), 'This is not a text file'],
      ['huge.log', Buffer.alloc(100 * 1024 ** 2, 'x'), 'too large'],
    ]
    for (const [name, content] of bytes) filesOf('bobs').put(`public/${name}`, content)
    page = await pages.open('bob')
    for (const [name, content, said] of bytes) {
      await page.goto(`/sites/bobs/files?file=public/${name}`)
      if (said !== undefined) await page.getByText(said).first().waitFor()
      else {
        await page.locator('.cm-content').click()
        await page.keyboard.press('Control+End')
        await page.keyboard.insertText('end')
        await page.keyboard.press('Control+S')
        await page.getByText('Saved', { exact: true }).waitFor()
      }
      const wanted = said === undefined ? Buffer.concat([content, Buffer.from('end')]) : content
      expect((await read('bobs', `public/${name}`)).equals(wanted), name).toBe(true)
    }
    await page.context().close()
  })
})

test('WEB-6: a double click creates one site, and deletes it once', async () => {
  page = await pages.open('claire')
  await page.goto('/create')
  await page.getByLabel('Name', { exact: true }).fill('twice')
  await page.getByText('This name is free').waitFor()
  await button('Create').dblclick()
  await page.waitForURL('**/sites/twice')
  await page.getByText('Your site is live').waitFor()
  expect(pages.brain.engine.calls.filter((call) => call === 'create twice')).toHaveLength(1)
  await page.goto('/sites/twice/danger')
  await button('Delete the site').click()
  await dialog().getByRole('textbox').fill('twice')
  await dialog().getByRole('button', { name: 'Delete the site' }).dblclick()
  await page.getByText('twice has been deleted.').waitFor()
  expect(pages.brain.engine.calls.filter((call) => call === 'destroy twice')).toHaveLength(1)
  await page.context().close()
})

describe('leaving', () => {
  test.each(['/%09/evil.example/x', '//evil.example', '/.//evil.example', 'https://evil.example', '/%5Cevil.example'])(
    'WEB-7: the sign-in leads nowhere else (%s)',
    async (to) => {
      page = await pages.open(undefined)
      await page.goto(`/sign-in?to=${to}`)
      await page.getByLabel('User name').fill('bob')
      await page.getByLabel('Password', { exact: true }).fill('bob-pass')
      await button('Sign in').click()
      await page.getByRole('heading', { name: 'My sites' }).waitFor()
      expect(new URL(page.url()).origin).toBe(pages.origin)
      await page.context().close()
    },
  )

  test('WEB-7, AUT-4: after signing out, the way back shows nothing, and the cookie is worth nothing', async () => {
    page = await pages.open('bob')
    await page.goto('/sites/bobs/access')
    await button('Show Password').click()
    const cookies = await page.context().cookies()
    await button(/^Account of/).click()
    await button('Sign out').click()
    await page.getByLabel('User name').waitFor()
    await page.goBack()
    await page.waitForURL('**/sign-in?to=*')
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    expect(await page.locator('body').innerText()).not.toMatch(/\bbobs\b/)
    await page.context().addCookies(cookies)
    expect((await page.request.get('/api/session')).status()).toBe(401)
    await page.context().close()
  })

  test('AUT-9: the open editor and the open stream of a site that is gone change nothing', async () => {
    await pages.addSite('lost', 'bob')
    page = await pages.open('bob')
    await page.goto('/sites/lost/files?file=public/index.php')
    await page.locator('.cm-content').waitFor()
    const admin = await pages.open('admin')
    const me = (await (await admin.request.get('/api/session')).json()) as { csrfToken: string }
    const headers = { origin: pages.origin, 'x-csrf-token': me.csrfToken }
    expect((await admin.request.delete('/api/sites/lost', { headers })).status()).toBe(200)
    await until('it is gone', async () => !pages.brain.engine.cells.has('lost'))
    await page.getByRole('heading', { name: 'There is no site “lost”' }).waitFor()
    // Somebody else takes the name: nothing of theirs is told or reached.
    await pages.addSite('lost', 'claire')
    for (const path of ['', '/files?path=', '/file?path=public/index.php', '/logs', '/access'])
      expect((await page.request.get(`/api/sites/lost${path}`)).status(), path).toBe(403)
    const told = (await (await page.request.get('/api/operations')).json()) as {
      operations: { subject: string; by: string }[]
    }
    expect(told.operations.filter(({ subject, by }) => subject === 'lost' && by === 'root')).toEqual([])
    await admin.context().close()
    await page.context().close()
  })
})

test('no page complained, and nothing was asked of anybody else', () => {
  expect(pages.complaints).toEqual([])
})
