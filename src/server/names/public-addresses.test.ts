import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueCertificate } from '../../../tests/helpers/issue-certificate.js'
import { Configuration } from '../../model/configuration.js'
import { isDyndnsDue, readDyndnsAnswer } from './dyndns.js'
import { findAddress, openPublicAddresses, type PublicAddresses } from './public-addresses.js'

const MINUTE_MS = 60_000
const FIRST = { ipv4: ['192.168.1.20'], ipv6: [] }
let folder: string
let server: Server
let clockMs: number
/** What the page sees, and what the dyndns server says. */
let seen: string
let said: string
let asked: { url: string; user: string; agent: string | undefined }[]
let changes: number
const lines: string[] = []

// One real server over TLS: the page at /ip, the dyndns2 service at /nic/update.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-addresses-'))
  const { chain, key, caFile } = await issueCertificate(folder, ['localhost'])
  await writeFile(join(folder, 'ca.pem'), await readFile(caFile))
  await writeFile(join(folder, 'password'), 'a secret\n')
  clockMs = Date.now()
  ;[seen, said, asked, changes] = ['203.0.113.7', 'good', [], 0]
  server = createServer({ cert: chain, key }, ({ url = '', headers }, answer) => {
    if (url === '/ip') return void answer.writeHead(seen === '' ? 500 : 200).end(seen)
    const user = Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString()
    asked.push({ url, user, agent: headers['user-agent'] })
    if (user !== 'home:a secret') answer.writeHead(401).end('badauth')
    else answer.end(said)
  }).listen(0)
  await new Promise((resolve) => server.once('listening', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

const base = () => `https://localhost:${(server.address() as AddressInfo).port}`

function open(dyndns: object | null = {}): Promise<PublicAddresses> {
  const ca = join(folder, 'ca.pem')
  const service = { server: `${base()}/nic/update`, hostnames: ['a.example.org', 'b.example.org'], user: 'home' }
  return openPublicAddresses({
    configuration: Configuration.parse({
      host: { address_page: `${base()}/ip`, address_page_ca_file: ca },
      ...(dyndns && { dyndns: { ...service, password_file: join(folder, 'password'), ca_file: ca, ...dyndns } }),
    }),
    first: FIRST,
    file: join(folder, 'addresses.json'),
    onChanged: () => changes++,
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
    now: () => new Date(clockMs),
  })
}

const pass = async (addresses: PublicAddresses, minutes: number) => {
  clockMs += minutes * MINUTE_MS
  await addresses.look()
}

describe('the public addresses', () => {
  it('follow the page, stay while it is silent, and are known to the next server', async () => {
    const addresses = await open(null)
    expect(addresses.all()).toEqual(['192.168.1.20'])
    await addresses.look()
    expect([addresses.all(), changes]).toEqual([['203.0.113.7'], 1])
    seen = 'Current IP Address: 203.0.113.8\n'
    await addresses.look()
    await addresses.look()
    expect([addresses.all(), changes]).toEqual([['203.0.113.8'], 2])
    seen = ''
    await addresses.look()
    expect(addresses.all()).toEqual(['203.0.113.8'])
    expect(addresses.status().message).toContain('gave no address')
    expect((await open(null)).all()).toEqual(['203.0.113.8'])
    expect(asked).toEqual([])
  })

  it('of what a page says, the address is taken and nothing else', () => {
    expect(findAddress('<b>203.0.113.9</b>', 4)).toBe('203.0.113.9')
    expect(findAddress('{"ip":"2001:DB8::0:1"}', 6)).toBe('2001:db8::1')
    expect(findAddress('2001:db8::1', 4)).toBeUndefined()
    expect(findAddress('999.1.1.1 nothing', 4)).toBeUndefined()
  })
})

describe('a dyndns2 server', () => {
  it('is told once of each address, with name and password, which no log line has', async () => {
    said = 'good 203.0.113.7\nnochg 203.0.113.7'
    const addresses = await open()
    expect(addresses.status().dyndns).toEqual({ state: 'pending' })
    await addresses.look()
    await pass(addresses, 60)
    expect(asked).toEqual([
      {
        url: '/nic/update?hostname=a.example.org%2Cb.example.org&myip=203.0.113.7',
        user: 'home:a secret',
        agent: expect.stringContaining('Ruche'),
      },
    ])
    expect(addresses.status().dyndns).toMatchObject({ state: 'told', answer: 'good' })
    seen = '203.0.113.8'
    await pass(addresses, 1)
    expect(asked.at(-1)?.url).toContain('myip=203.0.113.8')
    await pass(addresses, 26 * 24 * 60)
    expect(asked).toHaveLength(3)
    expect(lines.join()).not.toContain('a secret')
  })

  it.each(['badauth', 'nohost', 'abuse', 'notfqdn', '!donator', 'badagent', 'whatever'])(
    'that says %s is not asked again, also by the next server, before the settings change',
    async (word) => {
      said = word
      const addresses = await open()
      await addresses.look()
      seen = '203.0.113.8'
      await pass(addresses, 60 * 24)
      await (await open()).look()
      expect(asked).toHaveLength(1)
      expect(addresses.status().dyndns).toMatchObject({ state: 'refused', answer: word })
      said = 'good'
      await (await open({ hostnames: ['c.example.org'] })).look()
      expect(asked).toHaveLength(2)
    },
  )

  it('that refuses the password is asked again once it is another', async () => {
    await writeFile(join(folder, 'password'), 'wrong')
    const addresses = await open()
    await addresses.look()
    await pass(addresses, 60)
    expect([asked.length, addresses.status().dyndns]).toEqual([1, expect.objectContaining({ answer: 'badauth' })])
    await writeFile(join(folder, 'password'), 'a secret')
    await addresses.look()
    expect(addresses.status().dyndns).toMatchObject({ state: 'told' })
  })

  it('that says 911 is left alone for half an hour', async () => {
    said = '911'
    const addresses = await open()
    await addresses.look()
    await pass(addresses, 29)
    expect([asked.length, addresses.status().dyndns?.state]).toEqual([1, 'failed'])
    said = 'good'
    await pass(addresses, 2)
    expect([asked.length, addresses.status().dyndns?.state]).toEqual([2, 'told'])
  })

  it('that cannot be reached is tried after pauses that double up to an hour', async () => {
    const addresses = await open({ server: 'https://localhost:1/nic/update' })
    const pauses: number[] = []
    for (let n = 0; n < 8; n++) {
      await addresses.look()
      const next = Date.parse(addresses.status().dyndns?.nextTryAt ?? '')
      pauses.push((next - clockMs) / MINUTE_MS)
      clockMs = next
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('is told nothing before anybody knows the address', async () => {
    seen = ''
    await (await open()).look()
    expect(asked).toEqual([])
    expect(isDyndnsDue(undefined, { settings: 'x', addresses: '', nowMs: 0 })).toBe(false)
  })

  it('says one line for each name, of which the worst counts', () => {
    expect(readDyndnsAnswer('good 1.2.3.4\r\nnochg 1.2.3.4\r\n')).toMatchObject({ outcome: 'done', answer: 'good' })
    expect(readDyndnsAnswer('good 1.2.3.4\nnohost')).toMatchObject({ outcome: 'refused', answer: 'nohost' })
    expect(readDyndnsAnswer('dnserr')).toMatchObject({ outcome: 'later', waitMs: 30 * MINUTE_MS })
    expect(readDyndnsAnswer('')).toMatchObject({ outcome: 'later' })
    expect(readDyndnsAnswer('\u0007\u001b[31m')).toMatchObject({ answer: expect.not.stringContaining('\u001b') })
  })
})
