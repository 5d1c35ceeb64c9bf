import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFirstZone, renderKey, renderKnot } from '../../../src/cli/up/dns/render-knot.js'
import { askServer } from '../../../src/server/names/ask-server.js'
import { type Names, openNames } from '../../../src/server/names/names.js'
import { openRegister, type Register } from '../../../src/server/register/register.js'
import { endProcess, start, succeed, until } from '../../helpers/programs.js'
import { makeTempFolder, type TempFolder } from '../../helpers/temp-folder.js'

const ZONE = 'sites.example.test'
const SECRET = Buffer.alloc(32, 7).toString('base64')
const NAMES = [`shop.${ZONE}`, `blog.${ZONE}`]

let folder: TempFolder
let knot: ChildProcess
let register: Register
let names: Names
let server: { server: string; port: number }

beforeAll(async () => {
  folder = await makeTempFolder('knot')
  const port = await findFreePort()
  server = { server: '127.0.0.1', port }
  const plan = {
    listen: ['127.0.0.1'],
    port,
    zone: ZONE,
    dataFolder: folder.path,
    runFolder: folder.path,
    secret: SECRET,
  }
  await writeFile(join(folder.path, 'knot.conf'), renderKnot(plan))
  await writeFile(join(folder.path, 'zone'), renderFirstZone(ZONE, 60, ['127.0.0.1']))
  await writeFile(join(folder.path, 'key'), renderKey(SECRET), { mode: 0o600 })
  knot = start('knotd', ['-c', join(folder.path, 'knot.conf')]).child
  await until('knot answers', async () => (await askServer(server, `ns.${ZONE}`)).ipv4.length === 1)
  register = await openRegister('sqlite', folder.path)
  names = open(0)
})
afterAll(async () => {
  names?.close()
  await register?.close()
  if (knot) await endProcess(knot, 'SIGTERM', 10_000)
  await folder?.remove()
})

function open(believeMs: number): Names {
  const key = { zone: ZONE, keyFile: join(folder.path, 'key'), ttlSeconds: 60 }
  const settings = { ...server, ...key, ipv4: ['203.0.113.10'], ipv6: ['2001:db8:1:0::10'] }
  const log = pino({ level: 'silent' })
  return openNames({ mode: 'server', settings, register, log, now: () => new Date(), believeMs })
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** What somebody with the key does to the zone behind our back. */
const meddle = (line: string) =>
  succeed('nsupdate', ['-k', join(folder.path, 'key')], {
    input: `server ${server.server} ${server.port}\nzone ${ZONE}.\n${line}\nsend\n`,
  })

const held = async (name = NAMES[0] ?? '') => askServer(server, name)
const RIGHT = { ipv4: ['203.0.113.10'], ipv6: ['2001:db8:1::10'] }

test('what somebody takes away or bends at the server is put back by the next turn', async () => {
  await names.apply(NAMES)
  expect(await held()).toEqual(RIGHT)
  await meddle(`update delete shop.${ZONE}. AAAA`)
  await meddle(`update add blog.${ZONE}. 60 A 192.0.2.66`)
  expect(await held()).not.toEqual(RIGHT)
  await names.apply(NAMES)
  expect(await held(NAMES[0])).toEqual(RIGHT)
  expect(await held(NAMES[1])).toEqual(RIGHT)
})

test('what is right already is not told again', async () => {
  const serial = async () =>
    (await succeed('dig', ['+short', '@127.0.0.1', '-p', `${server.port}`, ZONE, 'SOA'])).trim()
  const before = await serial()
  await names.apply(NAMES)
  expect(await serial()).toBe(before)
})

test('a name that was told before the server died is taken away by the next one, though nobody wants it', async () => {
  names.close()
  names = open(300_000)
  await names.apply(NAMES.slice(1))
  expect(await held()).toEqual({ ipv4: [], ipv6: [] })
  expect(names.find(NAMES[0] ?? '')).toBeUndefined()
  expect(names.find(NAMES[1] ?? '')).toMatchObject({ state: 'announced' })
})
