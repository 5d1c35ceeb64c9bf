import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../../helpers/platform.js'
import { until } from '../../helpers/programs.js'
import { PEOPLE, type PersonName } from '../../helpers/test-directory.js'

const HOST = `shop.${BASE_DOMAIN}`
const SITE = `https://${HOST}`
const ORIGIN = `https://${PANEL}`
/** Within which a change in the directory counts. */
const RECHECKED_MS = 60_000

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(HOST)
  await addGroup('readers', 'bob')
  await platform.json('create', 'shop', '--language', 'static')
  // By its name; the register keeps what the directory calls it.
  await platform.json('settings', 'shop', 'set', 'visitorGroups', 'readers')
  await platform.json('settings', 'shop', 'set', 'visitors', 'people')
})
afterAll(() => platform?.close())

const personDn = (login: string) => `uid=${login},ou=people,${platform.directory.baseDn}`
const groupDn = (name: string) => `cn=${name},ou=groups,${platform.directory.baseDn}`
const addGroup = (name: string, login: string) =>
  platform.directory.modify(
    `dn: ${groupDn(name)}\nchangetype: add\nobjectClass: groupOfNames\ncn: ${name}\nmember: ${personDn(login)}\n`,
  )
const changeMember = (how: 'add' | 'delete', login: string) =>
  platform.directory.modify(
    `dn: ${groupDn('readers')}\nchangetype: modify\n${how}: member\nmember: ${personDn(login)}\n`,
  )

/** A browser outside: one jar of cookies for panel and site, as browsers keep them. */
function openBrowser(login: PersonName) {
  const jar = join(platform.root, `${login}.cookies`)
  let csrf = ''
  const curl = async (...args: string[]) => {
    const { stdout, stderr, code } = await platform.curl('-b', jar, '-c', jar, '-i', ...args)
    if (code !== 0) throw new Error(stderr)
    const [head = '', ...body] = stdout.split('\r\n\r\n')
    const location = /^location: (.*)$/im.exec(head)?.[1]?.trim()
    return { status: Number(head.split(' ')[1]), location, text: body.join('\r\n\r\n') }
  }
  const panel = (method: string, path: string, body: object) =>
    curl(
      ...[
        '-X',
        method,
        '-H',
        `Origin: ${ORIGIN}`,
        '-H',
        'Content-Type: application/json',
        '-H',
        `X-CSRF-Token: ${csrf}`,
      ],
      ...['-d', JSON.stringify(body), `${ORIGIN}${path}`],
    )
  return {
    visit: (path = '/') => curl(`${SITE}${path}`),
    signOut: () => panel('DELETE', '/api/session', {}),
    signIn: async () => {
      const { status, text } = await panel('POST', '/api/session', { login, password: PEOPLE[login] })
      expect(status, text).toBe(200)
      csrf = (JSON.parse(text) as { csrfToken: string }).csrfToken
    },
    /** What the panel's page does after the click; then the site's own address, which sets the pass. */
    enter: async (to = '/') => {
      const { status, text } = await panel('POST', '/api/visits', { host: HOST, to })
      if (status !== 200) return { status, location: undefined, text }
      return curl((JSON.parse(text) as { url: string }).url)
    },
  }
}

test('a site for a group of the directory lets its members in, and nobody else', async () => {
  const bob = openBrowser('bob')
  const led = await bob.visit('/notes?page=2')
  expect(led.status).toBe(302)
  const target = new URL(led.location ?? '')
  expect([target.origin, target.pathname]).toEqual([ORIGIN, '/visit'])
  expect(Object.fromEntries(target.searchParams)).toEqual({ host: HOST, to: '/notes?page=2' })
  await bob.signIn()
  expect(await bob.enter('/?page=2')).toMatchObject({ status: 303, location: expect.stringContaining('/?page=2') })
  expect(await bob.visit('/')).toMatchObject({ status: 200 })

  // Signed in, and of the directory, but not of the group.
  const claire = openBrowser('claire')
  await claire.signIn()
  expect((await claire.enter()).status).toBe(403)
  expect((await claire.visit()).status).not.toBe(200)
  // A script or a program is told so at once.
  expect((await platform.curl('-o', '/dev/null', '-w', '%{http_code}', '-X', 'POST', `${SITE}/`)).stdout).toBe('401')
})

test('who joins or leaves the group gets in or stays out within a minute', async () => {
  const [bob, claire] = [openBrowser('bob'), openBrowser('claire')]
  expect(await bob.visit('/')).toMatchObject({ status: 200 })
  await changeMember('add', 'claire')
  await changeMember('delete', 'bob')
  await claire.signIn()
  await until('claire is let in', async () => (await claire.enter()).status === 303, RECHECKED_MS)
  await until('claire sees the site', async () => (await claire.visit('/')).status === 200, RECHECKED_MS)
  await until('bob is refused', async () => (await bob.visit('/')).status === 403, RECHECKED_MS)
})

test('a pass ends with the session of the panel, and opens no other site', async () => {
  const claire = openBrowser('claire')
  await claire.signIn()
  await claire.enter()
  expect((await claire.visit('/')).status).toBe(200)
  const other = `blog.${BASE_DOMAIN}`
  await platform.resolve(other)
  await platform.json('create', 'blog', '--language', 'static')
  await platform.json('settings', 'blog', 'set', 'visitors', 'people')
  const jar = join(platform.root, 'claire.cookies')
  const pass = /__Host-ruche-pass\t(\S+)/.exec(
    (await platform.network.run(platform.network.vm, ['cat', jar])).stdout,
  )?.[1]
  expect(pass).toBeTruthy()
  const stolen = await platform.curl(
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    `Cookie: __Host-ruche-pass=${pass}`,
    `https://${other}/`,
  )
  expect(stolen.stdout).toBe('302')
  await claire.signOut()
  expect((await claire.visit('/')).status).toBe(302)
})
