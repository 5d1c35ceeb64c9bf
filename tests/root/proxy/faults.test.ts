import { randomBytes } from 'node:crypto'
import { appendFile, readdir, readFile, readlink, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { until } from '../../helpers/programs.js'
import { BASE, type Lab, openLab, PANEL } from './lab/lab.js'
import { openTls, statusesOf, talk, visitRaw } from './lab/raw-visit.js'

const site = (name: string, n: number, ...more: string[]) => ({
  name,
  ipv4: `10.1.1.${n}`,
  domains: [`${name}.${BASE}`, ...more],
})
const SHOP = `shop.${BASE}`
const SITES = [
  site('shop', 2),
  site('stopped', 3),
  site('hang', 4),
  site('reset', 5),
  site('midway', 6),
  site('garbage', 7),
  site('error', 8),
]
let lab: Lab
let current: string
const visit = (name: string, method = 'GET', more = '') =>
  visitRaw(lab, name, `${method} /x HTTP/1.1\r\nHost: ${name}\r\n${more}\r\n`)
const get = async (name: string) => statusesOf(await visit(name, 'GET', 'Connection: close\r\n'))

beforeAll(async () => {
  lab = await openLab(SITES.flatMap(({ domains }) => domains))
  current = join(lab.root, 'lib/proxy/current')
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
  await lab.listen('hang', '10.1.1.4', 'hang')
  await lab.listen('reset', '10.1.1.5', 'reset')
  await lab.listen('midway', '10.1.1.6', 'resetAfterRequest')
  await lab.listen('garbage', '10.1.1.7', 'garbage')
  await lab.listen('error', '10.1.1.8', 'error')
  await lab.open({ limits: { siteTimeoutMs: 1_000 }, deadlineMs: 3_000 })
  await lab.apply(SITES)
})
afterAll(() => lab?.close())
beforeEach(() => lab.forget())

describe.each(['-4', '-6'])('PRX-8, PRX-11: over %s', (family) => {
  test.each([
    ['stopped', 'unreachable'],
    ['reset', 'unreachable'],
    ['midway', 'unreachable'],
    ['hang', 'timeout'],
  ])('a site that is %s is told in plain words, and the server is told why', async (name, reason) => {
    const host = `${name}.${BASE}`
    const french = [
      '-H',
      'Accept-Language: fr-FR,fr;q=0.9',
      '-H',
      'Cookie: own=secret',
      '-H',
      'Authorization: Basic eA==',
    ]
    const { status, text, headers } = await lab.curl(family, ...french, `https://${host}/any/path?secret`)
    expect(status).toBe(503)
    expect(text).toContain('<h1>Ce site est éteint</h1>')
    expect(text).toContain(host)
    expect(headers).toMatch(/^content-security-policy: default-src 'none'; style-src 'sha256-/im)
    expect(headers).toMatch(/^retry-after: \d+/im)
    expect(headers).not.toMatch(/^set-cookie/im)
    const [asked, ...more] = await lab.seen('panel')
    expect(more).toEqual([])
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/',
      headers: { host: PANEL, 'x-ruche-visitor-host': host, 'x-ruche-visitor-reason': reason },
    })
    expect(JSON.stringify(asked)).not.toContain('secret')
    expect(asked?.headers).not.toHaveProperty('authorization')
    expect((await lab.curl(family, `https://${SHOP}/`)).status).toBe(200)
  })
})

describe('an unanswered request', () => {
  test('PRX-8: with a body is sent to the site once', async () => {
    const { status } = await lab.curl('-d', 'pay=once', `https://midway.${BASE}/`)
    expect(status).toBe(503)
    expect((await lab.seen('midway')).map(({ method }) => method)).toEqual(['POST'])
  })

  test('with a large body gets its page too', async () => {
    const answer = await lab.network.run(
      lab.network.visitor,
      ['curl', '-sS', '-i', '--http1.1', '--cacert', lab.caFile, '-T', '-', `https://stopped.${BASE}/`],
      { input: 'x'.repeat(8 * 1024 ** 2) },
    )
    expect(answer.stdout).toMatch(/HTTP\/1\.1 503 /)
    expect((await lab.seen('panel'))[0]).toMatchObject({ method: 'GET', bodyBytes: 0 })
  })

  test('of a site that does not even speak HTTP costs other sites nothing', async () => {
    expect(statusesOf(await visit(`garbage.${BASE}`))).toEqual([])
    expect(await get(SHOP)).toEqual([200])
  })

  test('of the kind HEAD gets the head of the page', async () => {
    const text = await visit(`stopped.${BASE}`, 'HEAD')
    expect(statusesOf(text)).toEqual([503])
    expect(text.split('\r\n\r\n')[1]).toBe('')
  })

  test("a site's own errors pass untouched", async () => {
    for (const status of [418, 500, 502, 503, 504]) {
      const { text, ...answer } = await lab.curl(`https://error.${BASE}/${status}`)
      expect([answer.status, text]).toEqual([status, 'the site’s own error'])
    }
    expect(await lab.seen('panel')).toEqual([])
  })

  test('gets a fixed page in both languages while the server is away, whatever its method', async () => {
    await lab.stop('panel')
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, text, headers } = await lab.curl('-X', method, `https://stopped.${BASE}/`)
      expect(status).toBe(503)
      expect(text).toMatch(/This site cannot be reached[\s\S]*Ce site est injoignable[\s\S]*<\/html>\n$/)
      expect(headers).toMatch(/^content-type: text\/html; charset=utf-8/im)
      expect(headers).toMatch(/^content-security-policy: default-src 'none'/im)
    }
    const panel = await lab.curl(`https://${PANEL}/`)
    expect([panel.status, panel.text.includes('Ce site est injoignable')]).toEqual([503, true])
    expect((await lab.curl(`https://${SHOP}/`)).status).toBe(200)
    await lab.startPanel()
    expect((await lab.curl(`https://${PANEL}/`)).status).toBe(200)
  })
})

describe('a change of names', () => {
  test('that is none does nothing', async () => {
    const [link, reloads] = [await readlink(current), lab.reloads()]
    await lab.apply(SITES)
    expect([await readlink(current), lab.reloads()]).toEqual([link, reloads])
  })

  test('costs one reload, and a crowd of changes few', async () => {
    const before = lab.reloads()
    await lab.apply([...SITES, site('added', 2)])
    expect(lab.reloads()).toBe(before + 1)
    expect(await get(`added.${BASE}`)).toEqual([200])
    await Promise.all(Array.from({ length: 20 }, (_, index) => lab.apply([...SITES, site(`crowd${index}`, 2)])))
    expect(lab.reloads()).toBeLessThanOrEqual(before + 3)
    expect(await get(`crowd19.${BASE}`)).toEqual([200])
    expect(await get(`added.${BASE}`)).toEqual([404])
    await lab.apply(SITES)
  })

  test('fails no request under load, and is served as soon as it is done', async () => {
    let [running, count] = [true, 0]
    const failures: string[] = []
    const load = Array.from({ length: 4 }, async () => {
      while (running) {
        const text = await visit(SHOP, 'GET', 'Connection: close\r\n').catch(String)
        count += 1
        if (statusesOf(text)[0] !== 200) failures.push(text)
      }
    })
    for (let round = 0; round < 10; round++) {
      await lab.apply([...SITES, site(`round${round}`, 2)])
      expect(await get(`round${round}.${BASE}`)).toEqual([200])
    }
    running = false
    await Promise.all(load)
    expect(failures).toEqual([])
    expect(count).toBeGreaterThan(100)
    await lab.apply(SITES)
  })

  test('leaves open WebSockets open', async () => {
    const tls = await openTls(await lab.connect({ host: VM_IPV4, port: 443 }), SHOP)
    const key = randomBytes(16).toString('base64')
    tls.write(
      `GET / HTTP/1.1\r\nHost: ${SHOP}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    )
    await new Promise((resolve) => tls.once('data', resolve))
    await lab.apply([...SITES, site('other', 2)])
    // An unmasked frame, as only our small server takes it: masked with zeros.
    expect(await talk(tls, Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]))).toContain('HI')
    await lab.apply(SITES)
  })

  test('keeps two configurations and the certificates in use, and leaves nothing else', async () => {
    await lab.apply([...SITES, site('custom', 2, 'www.gone.test')])
    const names = join(lab.root, 'lib/certificates/names')
    expect((await readdir(names)).filter((name) => name.startsWith('www.gone.test'))).toHaveLength(1)
    await lab.apply(SITES)
    expect((await readdir(names)).filter((name) => name.startsWith('www.gone.test'))).toEqual([])
    const left = await readdir(join(lab.root, 'lib/proxy'))
    expect(left.filter((name) => name.startsWith('g-'))).toHaveLength(2)
    expect(left.filter((name) => !name.startsWith('g-'))).toEqual(['current'])
  })
})

describe('PRX-9: what goes wrong', () => {
  test('a configuration that nginx refuses leaves the last good one in use, and the administrator sees it', async () => {
    const [link, reloads] = [await readlink(current), lab.reloads()]
    // Longer than any unix socket's name can be: nginx finds that out, we do not.
    await lab.open({ runFolder: join(lab.root, 'run', 'x'.repeat(120)) })
    await expect(lab.apply([...SITES, site('never', 2)])).rejects.toThrow(/refused.*too long/)
    expect([await readlink(current), lab.reloads()]).toEqual([link, reloads])
    expect(await lab.state()).toMatchObject({ ok: false, message: expect.stringMatching(/refused.*last good one/) })
    expect(await get(SHOP)).toEqual([200])
    expect((await readdir(join(lab.root, 'lib/proxy'))).filter((name) => name.startsWith('.'))).toEqual([])
    await lab.open({ limits: { siteTimeoutMs: 1_000 }, deadlineMs: 3_000 })
    await lab.apply(SITES)
    expect(await lab.state()).toEqual({ ok: true })
  })

  test('one that nginx accepts and then cannot serve is taken back', async () => {
    const link = await readlink(current)
    // An address that this machine does not have.
    await lab.open({ limits: { siteTimeoutMs: 1_000 }, deadlineMs: 1_500, listen: [VM_IPV4, VM_IPV6, '192.0.2.77'] })
    await expect(lab.apply([...SITES, site('never', 2)])).rejects.toThrow('did not take over')
    expect(await readlink(current)).toBe(link)
    expect(await lab.state()).toMatchObject({ ok: false })
    expect(lab.proxyOutput()).toContain('192.0.2.77')
    expect(await get(SHOP)).toEqual([200])
    expect(await get(`never.${BASE}`)).toEqual([404])
    await lab.open({ limits: { siteTimeoutMs: 1_000 }, deadlineMs: 3_000 })
    await lab.apply(SITES)
    expect(await lab.state()).toEqual({ ok: true })
  })

  test.each(['nginx.conf', 'addresses.map', 'servers.conf'])(
    'a %s damaged by hand harms nothing and is mended',
    async (name) => {
      await appendFile(join(current, name), 'hostile { }')
      lab.nginx()?.kill('SIGHUP')
      await until('nginx complains', async () => lab.proxyOutput().includes('hostile'))
      expect(await get(SHOP)).toEqual([200])
      await lab.apply([...SITES, site('mended', 2)])
      expect(await get(`mended.${BASE}`)).toEqual([200])
      await rm(join(await realCurrent(), name))
      await lab.apply([...SITES, site('mended', 2)])
      expect(await readFile(join(current, name), 'utf8')).not.toContain('hostile')
      await lab.apply(SITES)
    },
  )

  test.each(['certificate.pem', 'key.pem'])(
    'a %s damaged by hand is made anew before anybody serves it',
    async (name) => {
      const folder = (await readdir(join(lab.root, 'lib/certificates/names'))).find((one) => one.startsWith(BASE)) ?? ''
      const versions = join(lab.root, 'lib/certificates/names', folder)
      const newest = (await readdir(versions)).sort().at(-1) ?? ''
      await truncate(join(versions, newest, name))
      await lab.apply(SITES)
      expect((await lab.curl(`https://${SHOP}/`)).status).toBe(200)
      expect((await readdir(versions)).sort().at(-1)).not.toBe(newest)
    },
  )

  test('an ended nginx is started again', async () => {
    await lab.killNginx()
    await expect(get(SHOP)).rejects.toThrow()
    await lab.apply(SITES)
    expect(await get(SHOP)).toEqual([200])
  })

  test('a missing link, or a folder emptied by hand, is made anew', async () => {
    await rm(current)
    await lab.apply(SITES)
    expect(await get(SHOP)).toEqual([200])
    for (const name of await readdir(join(lab.root, 'lib/proxy')))
      await rm(join(lab.root, 'lib/proxy', name), { recursive: true })
    await lab.apply([...SITES, site('after', 2)])
    expect(await get(`after.${BASE}`)).toEqual([200])
    await lab.apply(SITES)
  })

  test('entries of the register that nobody may serve are left out, said, and cost the others nothing', async () => {
    const names = ['x;}\nserver { listen 81; } #', 'a b.test', '$host', '*.evil.test', PANEL, '127.0.0.1']
    const hostile = [
      { name: 'evil', ipv4: '10.1.1.2', domains: [...names, `evil.${BASE}`] },
      { name: 'escape', ipv4: '127.0.0.1', domains: [`escape.${BASE}`] },
      { name: 'host', ipv4: '10.1.1.1', domains: [`host.${BASE}`] },
      { name: 'text', ipv4: '10.1.1.2;', domains: [`text.${BASE}`] },
      { name: 'a; b', ipv4: '10.1.1.2', domains: [`ab.${BASE}`] },
      { name: 'twice', ipv4: '10.1.1.2', domains: ['twice.test'] },
      { name: 'again', ipv4: '10.1.1.3', domains: ['twice.test'] },
    ]
    await lab.apply([...SITES, ...hostile, site('honest', 2)])
    const state = await lab.state()
    expect(state.ok).toBe(false)
    for (const words of ['evil', 'escape', 'host', 'text', 'a; b', 'claimed by several', 'the panel'])
      expect(state.message).toContain(words)
    expect(await get(`honest.${BASE}`)).toEqual([200])
    expect(await get(`evil.${BASE}`)).toEqual([200])
    for (const name of ['escape', 'host', 'text', 'ab']) expect(await get(`${name}.${BASE}`)).toEqual([404])
    await expect(get('twice.test')).rejects.toThrow()
    expect((await lab.curl(`https://${PANEL}/`)).text).toContain('the panel')
    await lab.apply(SITES)
  })

  test('a large access log is moved aside and goes on in a new one', async () => {
    await writeFile(lab.accessLog, '')
    await truncate(lab.accessLog, 65 * 1024 ** 2)
    await lab.apply(SITES)
    expect((await stat(`${lab.accessLog}.1`)).size).toBeGreaterThanOrEqual(65 * 1024 ** 2)
    await until('a new log', async () => (await stat(lab.accessLog)).size < 1024 ** 2)
    await until('a visit in it', async () => {
      await lab.curl(`https://${SHOP}/after-rotation`)
      return (await readFile(lab.accessLog, 'utf8')).includes('/after-rotation')
    })
  })
})

async function realCurrent(): Promise<string> {
  return join(lab.root, 'lib/proxy', await readlink(current))
}
