import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ContainerSpec } from '../../model/container.js'
import { checkDisk, checkFree } from './admission.js'
import { boundItems } from './bounded.js'
import { planAttempts, planPauseMs } from './comeback.js'
import { parseEntries } from './files-list.js'
import { makeLocks } from './locks.js'
import { lastLines } from './logs.js'
import { ContainerRecord, planDoubles, SLOTS, uidBaseOf } from './record.js'
import { renderSettingsRecords } from './settings-records.js'
import { planGivenOut, planLostReleased, planRelease, planSlot } from './slots.js'
import { planStrangers } from './strangers.js'

const spec = (id: string, address: number): ContainerSpec => ({
  id,
  stack: { server: 'nginx', language: 'php', database: 'none' },
  address,
  sftpPort: 22_000 + address,
  limits: { cpuMilli: 500, memoryBytes: 256 * 1024 ** 2, diskBytes: 1024 ** 3, pids: 64 },
  settings: {
    domains: ['a.example.org', 'b.example.org'],
    sftpPasswordHash: '$6$salt$aaaaaaaaaaaaaaaaaaaaaa',
    sftpKeys: [],
    databasePassword: 'a'.repeat(20),
    environment: { NAME: 'one\ntwo\\n' },
  },
})

test('ISO-2: slots: never one given out, first those never used, then the one given back longest ago', () => {
  expect(planSlot({})).toBe(0)
  expect(planSlot({ 0: 1, 1: 0 })).toBe(2)
  const all = Object.fromEntries(Array.from({ length: SLOTS }, (_, slot) => [slot, slot + 10]))
  expect(planSlot({ ...all, 77: 5, 78: 0 })).toBe(77)
  const everything = planGivenOut(
    {},
    Array.from({ length: SLOTS }, (_, slot) => slot),
  )
  expect(() => planSlot(everything)).toThrow(/no user id range left/)
  fc.assert(
    fc.property(fc.array(fc.nat(30)), fc.uniqueArray(fc.nat(30)), (order, used) => {
      const slots = planGivenOut(order.reduce(planRelease, {}), used)
      expect(used).not.toContain(planSlot(slots))
      // What a record that cannot be read holds stays given out; else it is given back, after all others.
      const known = new Set(used.slice(1))
      expect(Object.entries(planLostReleased(slots, known)).filter(([, when]) => when === 0)).toHaveLength(known.size)
    }),
  )
})

test('ISO-2: a slot given back is the last to be handed out again', () => {
  let released = {}
  const handedOut = Array.from({ length: SLOTS + 1 }, () => {
    const slot = planSlot(released)
    released = planRelease(released, slot)
    return slot
  })
  expect(new Set(handedOut.slice(0, SLOTS)).size).toBe(SLOTS)
  expect(handedOut.at(-1)).toBe(handedOut[0])
})

const record = (id: string, slot: number, address: number, createdAt: string): ContainerRecord => ({
  spec: spec(id, address),
  slot,
  wanted: 'running',
  asleep: false,
  template: 'a'.repeat(64),
  createdAt,
  restarts: 0,
  begun: true,
})

test('AGT-5: a record that claims what an earlier one has is not believed', () => {
  const all = [
    record('late', 1, 9, '3'),
    record('first', 1, 7, '1'),
    record('second', 2, 8, '2'),
    record('port', 3, 7, '4'),
  ]
  const { records, doubles } = planDoubles(all)
  expect(records.map(({ spec: { id } }) => id)).toEqual(['first', 'second'])
  expect(doubles.map(({ id, cause }) => `${id}: ${cause}`)).toEqual([
    'late: Error: slot 1 is that of first',
    'port: Error: address 7 is that of first',
  ])
})

test.each([
  [{ slot: 4095 }],
  [{ slot: -1 }],
  [{ template: '../../etc' }],
  [{ extra: 1 }],
  [{ spec: { ...spec('shop', 7), id: '../shop' } }],
  [{ spec: { ...spec('shop', 7), address: 1 } }],
  [{ spec: { ...spec('shop', 7), stack: { server: '../x', language: 'php', database: 'none' } } }],
  [{ spec: { ...spec('shop', 7), limits: { ...spec('shop', 7).limits, memoryBytes: -1 } } }],
  [{ spec: { ...spec('shop', 7), settings: { ...spec('shop', 7).settings, domains: ['a\nb'] } } }],
  [{ spec: { ...spec('shop', 7), settings: { ...spec('shop', 7).settings, databasePassword: "'; DROP TABLE x" } } }],
  [{ spec: { ...spec('shop', 7), settings: { ...spec('shop', 7).settings, sftpPasswordHash: '$6$a:0:0\nroot::' } } }],
])('AGT-5: a record changed by hand to %j is not a record', (change) => {
  const good = record('shop', 1, 7, '1')
  expect(ContainerRecord.safeParse(good).success).toBe(true)
  expect(ContainerRecord.safeParse({ ...good, ...change }).success).toBe(false)
})

test('ISO-1: id ranges lie above those of systemd and below 2^31, and do not touch', () => {
  expect(uidBaseOf(0)).toBe(1_879_048_192)
  expect(uidBaseOf(1) - uidBaseOf(0)).toBe(65_536)
  expect(uidBaseOf(SLOTS - 1) + 65_535).toBeLessThan(2 ** 31)
})

test('an id, address or port that is taken is a conflict', () => {
  const others = [spec('shop', 7)]
  expect(() => checkFree(spec('blog', 8), others)).not.toThrow()
  expect(() => checkFree(spec('shop', 8), others)).toThrow(/container shop already/)
  expect(() => checkFree({ ...spec('blog', 7), sftpPort: 22_900 }, others)).toThrow(/Address 7 is that of shop/)
  expect(() => checkFree({ ...spec('blog', 8), sftpPort: 22_007 }, others)).toThrow(/Port 22007 is that of shop/)
})

test('the disk promises no more than it has, what images took already counted once', () => {
  const disk = { availableBytes: 1000, allocatedBytes: 500, reserveBytes: 200 }
  expect(() => checkDisk(1300, disk)).not.toThrow()
  expect(() => checkDisk(1301, disk)).toThrow(expect.objectContaining({ code: 'limit_reached' }))
})

test('comebacks wait 1, 2, 4 … 60 seconds, and begin anew after five good minutes', () => {
  expect([0, 1, 2, 5, 6, 20].map(planPauseMs)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000])
  const startedAt = '2026-01-01T00:00:00.000Z'
  expect(planAttempts(4, startedAt, Date.parse(startedAt) + 299_000)).toBe(4)
  expect(planAttempts(4, startedAt, Date.parse(startedAt) + 300_000)).toBe(0)
})

test('strangers are those without a record; too many of them mean that the records are lost', () => {
  const known = new Set(['a1', 'a2'])
  expect(planStrangers(['a1', 'x1', '.proxy'], known)).toEqual({ strangers: ['x1'], isTooMany: false })
  expect(planStrangers(['x1', 'x2', 'x3'], new Set())).toMatchObject({ isTooMany: false })
  expect(planStrangers(['x1', 'x2', 'x3', 'x4'], new Set())).toMatchObject({ isTooMany: true })
  const many = Array.from({ length: 96 }, (_, n) => `s${n}`)
  const four = ['x1', 'x2', 'x3', 'x4']
  expect(planStrangers([...many, ...four], new Set(many))).toEqual({ strangers: four, isTooMany: false })
})

test('a list of files is read whatever the names are, and refused when it is none', () => {
  const entry = (...fields: string[]) => `${fields.join('\0')}\0`
  const text = [
    entry('f', '12', '1700000000.5000000000', '644', '-rf', ''),
    entry('d', '4096', '1.0', '2755', 'a\nb', ''),
    entry('l', '3', '99999999999999999', '777', '‮x', '../../etc'),
    entry('p', '0', '0', '0', ' ', ''),
  ].join('')
  expect(parseEntries(text)).toEqual([
    { name: '-rf', type: 'file', sizeBytes: 12, modifiedAt: '2023-11-14T22:13:20.500Z', mode: 0o644 },
    { name: 'a\nb', type: 'folder', sizeBytes: 4096, modifiedAt: '1970-01-01T00:00:01.000Z', mode: 0o2755 },
    {
      name: '‮x',
      type: 'link',
      sizeBytes: 3,
      modifiedAt: '1970-01-01T00:00:00.000Z',
      mode: 0o777,
      linkTarget: '../../etc',
    },
    { name: ' ', type: 'other', sizeBytes: 0, modifiedAt: '1970-01-01T00:00:00.000Z', mode: 0 },
  ])
  expect(parseEntries(`${text}f\u000012`)).toHaveLength(4)
  for (const bad of [
    entry('f', '-1', '0', '644', 'x', ''),
    entry('f', '1', '0', '999', 'x', ''),
    entry('f', '1', '0', '644', 'a/b', ''),
  ])
    expect(() => parseEntries(bad)).toThrow(/not a list of files/)
})

test('an answer is cut to what one line of the socket can carry', () => {
  const { items, truncated } = boundItems(
    Array.from({ length: 1000 }, () => '\u0001'.repeat(4096)),
    5000,
  )
  expect(truncated).toBe(true)
  expect(JSON.stringify(items).length).toBeLessThan(4 * 1024 ** 2)
  expect(boundItems([1, 2, 3], 2)).toEqual({ items: [1, 2], truncated: true })
  expect(boundItems([1, 2], 2)).toEqual({ items: [1, 2], truncated: false })
})

test('the last lines of a log, each of bounded length', () => {
  expect(lastLines('web', 'a\nb\nc\n', 2)).toEqual([
    { source: 'web', text: 'b' },
    { source: 'web', text: 'c' },
  ])
  expect(lastLines('web', 'x'.repeat(9000), 5)[0]?.text).toHaveLength(4096)
  expect(lastLines('web', '', 5)).toEqual([])
})

test('settings become one file each, one value a line', () => {
  expect(renderSettingsRecords(spec('shop', 7), ['10.1.1.1', 'fd00:10:1:1::1'])).toEqual({
    site_name: 'shop',
    domains: 'a.example.org\nb.example.org\n',
    sftp_password_hash: '$6$salt$aaaaaaaaaaaaaaaaaaaaaa',
    sftp_keys: '',
    database_password: 'a'.repeat(20),
    environment: 'NAME=one\\ntwo\\\\n\n',
    memory_mb: '256',
    resolver: '10.1.1.1',
    front_proxy: '10.1.1.1\nfd00:10:1:1::1\n',
  })
})

test('acts on one container run one after the other, a failed one does not hold up the next, others do not wait', async () => {
  const locks = makeLocks()
  const seen: string[] = []
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const first = locks.run('a', async () => {
    await gate
    seen.push('a1')
    throw new Error('fails')
  })
  const second = locks.run('a', async () => void seen.push('a2'))
  await locks.run('b', async () => void seen.push('b'))
  expect(locks.isBusy('a')).toBe(true)
  open()
  await expect(first).rejects.toThrow('fails')
  await second
  expect(seen).toEqual(['b', 'a1', 'a2'])
  await expect.poll(() => locks.isBusy('a')).toBe(false)
})
