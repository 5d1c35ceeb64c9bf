import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiEntry } from '../../src/model/api/entry.js'
import { api } from '../../src/model/api.js'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../helpers/platform.js'
import { until } from '../helpers/programs.js'
import { PEOPLE } from '../helpers/test-directory.js'
import { openVisitorBrowser, type VisitorBrowser } from '../helpers/visitor-browser.js'

/** A hosted site that attacks the panel: same-site with it, with a good certificate, shown to somebody who is signed in. */
const EVIL = `https://evil.${BASE_DOMAIN}`
const HOME = `https://${PANEL}`
/** Answers with the cookies that it is asked for, byte for byte. */
const SOURCE = `<?php foreach ($_GET['c'] ?? [] as $c) header('Set-Cookie: ' . base64_decode($c), false) ?>
<!doctype html><title>Evil</title><h1>Evil</h1>`
let platform: Platform
let browser: VisitorBrowser
/** The panel, signed in as alice. */
let page: Page
let evil: Page

beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(`evil.${BASE_DOMAIN}`)
  const kind = ['--database', 'none', '--language', 'php']
  await platform.json('create', 'evil', '--owner', 'bob', ...kind)
  await platform.json('create', 'victim', '--owner', 'alice', '--no-start', ...kind)
  const written = Buffer.from(SOURCE).toString('base64')
  const put = ['php', '-r', 'file_put_contents("public/index.php", base64_decode($argv[1]));', written]
  expect(await platform.ruche('exec', 'evil', '--', ...put)).toMatchObject({ code: 0 })
  browser = await openVisitorBrowser(platform.network, platform.caFile, 'example.test')
  page = await browser.context.newPage()
  await signIn()
  evil = await browser.context.newPage()
  await evil.goto(EVIL)
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

async function signIn(): Promise<void> {
  await page.goto(`${HOME}/sign-in`)
  await page.getByLabel('User name').fill('alice')
  await page.getByLabel('Password', { exact: true }).fill(PEOPLE.alice)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'My sites' }).waitFor()
}

/** Who the panel takes the browser for. */
const whoAmI = () =>
  page.evaluate(async () => ((await (await fetch('/api/session')).json()) as { login?: string }).login)

const addressOf = ({ path }: ApiEntry) =>
  HOME +
  path
    .replace(':name', 'victim')
    .replace(':id', 'a'.repeat(12))
    .replace(':login', 'alice')
    .replace(':digest', '0'.repeat(64))

interface Visit {
  host: string
  method: string
  uri: string
  status: number
}

/** What the front proxy says about requests to the panel. */
async function readVisits(): Promise<Visit[]> {
  const text = await readFile(join(platform.root, 'log/proxy/access.log'), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Visit).filter(({ host }) => host === PANEL)
}

test('WEB-3: a hosted site’s page cannot make the browser change anything', async () => {
  const unsafe = Object.values(api as Record<string, ApiEntry>).filter(({ method }) => method !== 'GET')
  const targets = unsafe.map((entry) => ({ method: entry.method, url: `${addressOf(entry)}?planted` }))
  const answered = await evil.evaluate(async (list) => {
    const tries = list.map(({ method, url }) => () => [
      // What needs no asking before: a form's kinds of body.
      ...['text/plain', 'application/x-www-form-urlencoded'].map((type) =>
        fetch(url, {
          method: 'POST',
          mode: 'no-cors',
          credentials: 'include',
          headers: { 'content-type': type },
          body: '{"name":"planted","which":"sftp","login":"bob","password":"bob-pass"}',
        }),
      ),
      // What the browser asks about first.
      fetch(url, {
        method,
        credentials: 'include',
        headers: { 'content-type': 'application/json', 'x-csrf-token': 'x' },
        body: '{}',
      }),
    ])
    const answered: string[] = []
    // A route at a time: who asks for too much at once is refused by the front proxy for that alone.
    for (const [index, ask] of tries.entries())
      for (const one of await Promise.allSettled(ask()))
        if (one.status === 'fulfilled') answered.push(`${list[index]?.method} ${list[index]?.url}: ${one.value.type}`)
    return answered
  }, targets)
  // Not even an answer without content.
  expect(answered).toEqual([])
  const statuses = await until('the front proxy has logged it', async () => {
    const after = (await readVisits()).filter(({ method, uri }) => method === 'POST' && uri.endsWith('?planted'))
    return after.length >= 2 * unsafe.length && after.map(({ status }) => status)
  })
  expect(statuses.filter((status) => status !== 403 && status !== 404)).toEqual([])
  await expectNothingHappened()
})

test('WEB-3: nor with a form that it sends by itself', async () => {
  for (const [path, type] of [
    ['/api/session', 'text/plain'],
    ['/api/sites/victim/start', 'application/x-www-form-urlencoded'],
    ['/api/sites', 'multipart/form-data'],
  ] as const) {
    const tab = await browser.context.newPage()
    await tab.goto(EVIL)
    const answer = tab.waitForResponse((response) => response.url() === HOME + path)
    await tab.evaluate(
      ([action, enctype]) => {
        const form = Object.assign(document.createElement('form'), { action, enctype, method: 'post' })
        form.append(Object.assign(document.createElement('input'), { name: '{"name":"planted","x":"', value: '"}' }))
        document.body.append(form)
        form.submit()
      },
      [HOME + path, type] as const,
    )
    expect([400, 403]).toContain((await answer).status())
    // Same-site: the browser did send the cookie, and it did not help.
    const headers = await (await answer).request().allHeaders()
    expect([headers['sec-fetch-site'], headers.cookie]).toEqual(['same-site', expect.stringContaining('__Host-ruche=')])
    await tab.close()
  }
  await expectNothingHappened()
})

async function expectNothingHappened(): Promise<void> {
  expect(await whoAmI()).toBe('alice')
  const { sites } = await platform.json<{ sites: { id?: string; name?: string; state: string }[] }>('list')
  const states = Object.fromEntries(sites.map((site) => [site.id ?? site.name, site.state]))
  expect(states).toEqual({ evil: 'running', victim: 'stopped' })
}

test('WEB-3: nor read, frame, hold or talk to the panel', async () => {
  const opening = browser.context.waitForEvent('page')
  const seen = await evil.evaluate(async (home) => {
    const read = (url: string, options: RequestInit) =>
      fetch(url, { credentials: 'include', ...options }).then(
        async (answer) => answer.type + (await answer.text()),
        () => 'refused',
      )
    const load = (tag: 'img' | 'script' | 'link', url: string) =>
      new Promise<string>((resolve) => {
        const element = document.createElement(tag)
        element.onload = () => resolve('loaded')
        element.onerror = () => resolve('refused')
        if (tag === 'link') Object.assign(element, { rel: 'stylesheet', href: url })
        else Object.assign(element, { src: url })
        document.body.append(element)
      })
    const listen = () =>
      new Promise<string>((resolve) => {
        const source = new EventSource(`${home}/api/events`, { withCredentials: true })
        source.onopen = () => resolve('open')
        source.onerror = () => resolve('refused')
      })
    const frame = document.createElement('iframe')
    frame.src = `${home}/sites`
    const framed = new Promise((resolve) => {
      frame.onload = resolve
    })
    document.body.append(frame)
    await framed
    const opened = window.open(`${home}/sites`)
    return {
      cors: await read(`${home}/api/sites`, {}),
      opaque: await read(`${home}/api/sites`, { mode: 'no-cors' }),
      image: await load('img', `${home}/favicon.svg`),
      script: await load('script', `${home}/api/sites`),
      style: await load('link', `${home}/api/sites`),
      stream: await listen(),
      worker: await navigator.serviceWorker.register(`${home}/assets/x.js`).then(
        () => 'registered',
        () => 'refused',
      ),
      opened: opened !== null,
    }
  }, HOME)
  expect(seen).toMatchObject({
    cors: 'refused',
    image: 'refused',
    script: 'refused',
    style: 'refused',
    stream: 'refused',
  })
  expect(['opaque', 'refused']).toContain(seen.opaque)
  expect(seen.worker).toBe('refused')
  const inside = evil.frames().filter((frame) => frame !== evil.mainFrame())
  expect(inside).toHaveLength(1)
  expect(inside[0]?.url()).not.toContain(PANEL)
  const popup = await opening
  await popup.getByRole('heading', { name: 'My sites' }).waitFor()
  expect(await popup.evaluate(() => [window.opener, window.name])).toEqual([null, ''])
  await popup.close()
})

test('WEB-3: a site that was opened from the panel does not hold it', async () => {
  await page.goto(`${HOME}/sites`)
  const opening = browser.context.waitForEvent('page')
  await page.evaluate((url) => {
    const link = Object.assign(document.createElement('a'), {
      href: url,
      target: '_blank',
      textContent: 'x',
      rel: 'noreferrer',
    })
    document.body.append(link)
    link.click()
  }, EVIL)
  const site = await opening
  await site.waitForLoadState()
  expect(await site.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
  await site.close()
  // Every link of our pages out of the panel says so.
  await page.goto(`${HOME}/sites/victim`)
  await page.getByRole('heading', { name: 'victim' }).waitFor()
  const links = await page.locator('a[target=_blank]').evaluateAll((all) => all.map((one) => one.getAttribute('rel')))
  expect([...new Set(links)]).toEqual(['noreferrer'])
})

test('WEB-3: cookies that a hosted site plants do not change who is signed in', async () => {
  const bob = await platform.curl(
    '-i',
    '-H',
    'content-type: application/json',
    '-d',
    JSON.stringify({ login: 'bob', password: PEOPLE.bob }),
    `${HOME}/api/session`,
  )
  const token = /__Host-ruche=([\w-]+)/.exec(bob.stdout)?.[1] ?? ''
  expect(token).toHaveLength(43)
  const planted = [
    '__Host-ruche',
    ' __Host-ruche',
    '\xa0__Host-ruche',
    '\x85__Host-ruche',
    '__host-ruche',
    '\u2000__Host-ruche',
    '=__Host-ruche',
    '__Secure-x; __Host-ruche',
    'x=1; __Host-ruche',
    '"__Host-ruche"',
  ]
    .flatMap((name) => [
      `${name}=${token}`,
      `${name}=${token}; Path=/api`,
      `${name}=${token}; Secure; Path=/api/session`,
    ])
    .map((text) =>
      Buffer.from(`${text}; Domain=example.test`, text.includes('\u2000') ? 'utf8' : 'latin1').toString('base64'),
    )
  await evil.goto(`${EVIL}/?${new URLSearchParams(planted.map((text) => ['c[]', text]))}`)
  await evil.evaluate((value) => {
    for (const name of ['__Host-ruche', '\u00a0__Host-ruche', '=__Host-ruche', ''])
      for (const path of ['/', '/api', '/api/session'])
        Reflect.set(document, 'cookie', `${name}=${value}; Domain=example.test; Path=${path}; Secure`)
  }, token)
  expect(await whoAmI()).toBe('alice')
  await page.goto(`${HOME}/sites`)
  await page.getByText('victim').first().waitFor()
})

test('WEB-3: nor keep anybody out by their number', async () => {
  await evil.goto(EVIL)
  await evil.evaluate(() => {
    // Three times what the server itself would read.
    for (let n = 0; n < 12; n++)
      Reflect.set(document, 'cookie', `flood${n}=${'x'.repeat(3900)}; Domain=example.test; Path=/; Secure`)
  })
  await page.goto(`${HOME}/sites`)
  await page.getByText('victim').first().waitFor()
  expect(await whoAmI()).toBe('alice')
})

test('WEB-4: the panel answers to no other name, whatever leads to it', async () => {
  const rebound = await platform.curl(
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    'Host: attacker.example',
    `http://${PANEL}/`,
  )
  expect(rebound.stdout).toBe('000')
  const inside = await platform.curl(
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    'Host: attacker.example',
    `${HOME}/api/welcome`,
  )
  expect(['000', '421']).toContain(inside.stdout)
})
