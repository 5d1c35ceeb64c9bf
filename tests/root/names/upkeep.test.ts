import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askServer } from '../../../src/server/names/ask-server.js'
import { type Names, openNames } from '../../../src/server/names/names.js'
import { openRegister, type Register } from '../../../src/server/register/register.js'
import { type Knot, openKnot } from '../../helpers/knot.js'

const ZONE = 'sites.example.test'
const NAMES = [`shop.${ZONE}`, `blog.${ZONE}`]

let knot: Knot
let register: Register
let names: Names

beforeAll(async () => {
  knot = await openKnot(ZONE)
  register = await openRegister('sqlite', knot.folder)
  names = open(0)
})
afterAll(async () => {
  names?.close()
  await register?.close()
  await knot?.close()
})

function open(believeMs: number): Names {
  const settings = { ...knot.settings, ipv4: ['203.0.113.10'], ipv6: ['2001:db8:1:0::10'] }
  const log = pino({ level: 'silent' })
  return openNames({ mode: 'server', settings, register, log, now: () => new Date(), believeMs })
}

const held = async (name = NAMES[0] ?? '') => askServer(knot.settings, name)
const RIGHT = { ipv4: ['203.0.113.10'], ipv6: ['2001:db8:1::10'] }

test('what somebody takes away or bends at the server is put back by the next turn', async () => {
  await names.apply(NAMES)
  expect(await held()).toEqual(RIGHT)
  await knot.meddle(`update delete shop.${ZONE}. AAAA`)
  await knot.meddle(`update add blog.${ZONE}. 60 A 192.0.2.66`)
  expect(await held()).not.toEqual(RIGHT)
  await names.apply(NAMES)
  expect(await held(NAMES[0])).toEqual(RIGHT)
  expect(await held(NAMES[1])).toEqual(RIGHT)
})

test('what is right already is not told again', async () => {
  const serial = () => knot.dig(ZONE, 'SOA')
  const before = await serial()
  await names.apply(NAMES)
  expect(await serial()).toEqual(before)
})

test('a name that was told before the server died is taken away by the next one, though nobody wants it', async () => {
  names.close()
  names = open(300_000)
  await names.apply(NAMES.slice(1))
  expect(await held()).toEqual({ ipv4: [], ipv6: [] })
  expect(names.find(NAMES[0] ?? '')).toBeUndefined()
  expect(names.find(NAMES[1] ?? '')).toMatchObject({ state: 'announced' })
})
