import { describe, expect, it } from 'vitest'
import { isSame } from '../host/cgroup-limits.js'
import { parseListeners } from '../host/listeners.js'
import { SYSCTLS } from '../host/sysctls.js'
import { judgeDisk } from './disk.js'
import { runLooks } from './examine.js'
import { findExposed, findPlaceSigns } from './judge-files.js'
import { findFeatureSigns, judgeClock, judgeSysctls } from './machine.js'
import { judgeConnections } from './network.js'
import { findForeignListeners, findProxySigns } from './proxy.js'
import { findForeignUsers, findSlotSigns } from './users.js'

const GIB = 1024 ** 3
const levels = (checks: { id: string; level: string }[]) => checks.map(({ id, level }) => `${id} ${level}`)

describe('the machine', () => {
  const features = {
    release: '6.1.0-18-amd64',
    filesystems: ['overlay', 'proc', 'sysfs', 'tmpfs']
      .map((type) => `nodev\t${type}`)
      .join('\n')
      .concat('\n\text4\n'),
    seccompActions: 'kill_process kill_thread trap errno log allow',
    userNamespaces: '15000',
  }
  it('has what containers need, or what is missing is named', () => {
    expect(findFeatureSigns(features)).toEqual([])
    expect(findFeatureSigns({ ...features, release: '5.10.0' })).toHaveLength(1)
    expect(findFeatureSigns({ ...features, filesystems: '' }).map(({ what }) => what)).toContain('overlay')
    expect(findFeatureSigns({ ...features, userNamespaces: '0' })).toHaveLength(1)
    expect(findFeatureSigns({ ...features, seccompActions: '' })).toHaveLength(2)
  })

  it('settings that a promise rests on are broken, those that only help a warning', () => {
    const states = SYSCTLS.map((row) => ({ ...row, found: row.wanted, ok: true }))
    const without = (name: string) => states.map((row) => (row.name === name ? { ...row, found: '1', ok: false } : row))
    const fine = ['machine.tables ok', 'machine.hardening ok', 'machine.advice ok']
    expect(levels(judgeSysctls(states))).toEqual(fine)
    expect(levels(judgeSysctls(without('fs.aio-max-nr')))).toEqual(['machine.tables broken', ...fine.slice(1)])
    expect(levels(judgeSysctls(without('kernel.unprivileged_userns_clone')))[1]).toBe('machine.hardening broken')
    expect(levels(judgeSysctls(without('kernel.kptr_restrict')))[2]).toBe('machine.advice warning')
    const absent = states.map(({ found, ...row }) => ({
      ...row,
      found: row.name === 'kernel.unprivileged_userns_clone' ? undefined : found,
    }))
    expect(levels(judgeSysctls(absent))[1]).toBe('machine.hardening unknown')
  })

  it('a clock that went back is broken, one that nobody keeps is unknown', () => {
    expect(judgeClock({ nowMs: 1_000_000, writtenMs: 999_000, isKept: true }).level).toBe('ok')
    expect(judgeClock({ nowMs: 1_000_000, writtenMs: 999_000, isKept: false }).level).toBe('unknown')
    expect(judgeClock({ nowMs: 1_000_000, writtenMs: 2_000_000, isKept: true }).level).toBe('broken')
  })

  it('a disk that cannot keep what was promised is broken', () => {
    const disk = { availableBytes: 10 * GIB, reserveBytes: GIB, stillPromisedBytes: 5 * GIB, files: 1000, ffree: 900 }
    expect(judgeDisk(disk).level).toBe('ok')
    expect(judgeDisk({ ...disk, stillPromisedBytes: 9.5 * GIB }).level).toBe('warning')
    expect(judgeDisk({ ...disk, stillPromisedBytes: 11 * GIB }).level).toBe('broken')
    expect(judgeDisk({ ...disk, ffree: 40 }).level).toBe('warning')
    expect(judgeDisk({ ...disk, ffree: 2 }).level).toBe('broken')
    expect(judgeDisk({ ...disk, files: 0, ffree: 0 }).level).toBe('ok')
  })

  it('tracked connections fill up', () => {
    expect(judgeConnections('100', '1000').level).toBe('ok')
    expect(judgeConnections('500', '1000').level).toBe('warning')
    expect(judgeConnections('950', '1000').level).toBe('broken')
    expect(judgeConnections(undefined, '1000').level).toBe('unknown')
  })
})

describe('files', () => {
  const holders = { root: { uid: 0, gid: 0 }, server: { uid: 990, gid: 990 }, proxy: { uid: 991, gid: 991 } }
  const place = { below: 'run', path: 'a', kind: 'socket', mode: 0o660, owner: 'root', group: 'server' } as const
  const found = { kind: 'socket', mode: 0o660, uid: 0, gid: 990 } as const
  const seen = (change: object) => findPlaceSigns('/run/a', place, holders, { ...found, ...change })

  it('have owner, mode and kind of the table', () => {
    expect(seen({})).toEqual([])
    expect(seen({ mode: 0o666 })).toEqual([{ what: '/run/a', found: '0:990 0666', wanted: '0:990 0660' }])
    expect(seen({ uid: 990 })).toHaveLength(1)
    expect(seen({ kind: undefined })).toEqual([{ what: '/run/a', found: 'not a socket', wanted: 'socket' }])
    expect(findPlaceSigns('/run/a', place, holders, undefined)).toHaveLength(1)
    expect(findPlaceSigns('/run/a', { ...place, isLater: true }, holders, undefined)).toEqual([])
  })

  it('with secrets allow no more than they must', () => {
    expect(findExposed('/k', 0o640, { ...found, mode: 0o600 })).toEqual([])
    expect(findExposed('/k', 0o640, { ...found, mode: 0o644 })).toHaveLength(1)
  })
})

describe('the front proxy', () => {
  const facts = {
    ...{ pid: 5, startTime: 1, name: 'nginx', uids: [991, 991, 991, 991], gids: [991], noNewPrivs: true, seccomp: 0 },
    ...{ filters: 0, namespaces: {} },
    capabilities: { bounding: 0x400n, permitted: 0x400n, inheritable: 0x400n, ambient: 0x400n },
  }
  it('is there, as its user, with one capability', () => {
    expect(findProxySigns([facts], 991)).toEqual([])
    expect(findProxySigns([], 991)).toHaveLength(1)
    expect(findProxySigns([{ ...facts, uids: [0, 0, 0, 0] }], 991)).toHaveLength(1)
    expect(findProxySigns([{ ...facts, noNewPrivs: false }], 991)).toHaveLength(1)
    const capabilities = { ...facts.capabilities, bounding: 0x1ffn }
    expect(findProxySigns([{ ...facts, capabilities }], 991)).toHaveLength(1)
  })

  it('nobody else listens on its ports', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0A7100CB:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000   991        0 1 1',
      '   1: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1',
      '   2: 0100007F:01BB 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 1 1',
    ].join('\n')
    const six = '   0: B80D0120000001000000000010000000:0050 0:0 0A 0:0 00:0 0  991 0 1 1'
    const listeners = [...parseListeners(table), ...parseListeners(six)]
    expect(listeners).toEqual([
      { address: '203.0.113.10', port: 80, uid: 991 },
      { address: '0.0.0.0', port: 443, uid: 0 },
      { address: '2001:db8:1::10', port: 80, uid: 991 },
    ])
    const places = { addresses: ['203.0.113.10'], ports: [80, 443] }
    expect(findForeignListeners(listeners, places, 991).map(({ what }) => what)).toEqual(['0.0.0.0:443'])
  })
})

describe('ranges of user ids', () => {
  it('belong to one site each, as they are written and as they are known', () => {
    const written = [
      { id: 'a', slot: 0 },
      { id: 'b', slot: 1 },
    ]
    const known = new Map([
      ['a', 0],
      ['b', 1],
    ])
    expect(findSlotSigns(written, known)).toEqual([])
    const shared = written.map((one) => ({ ...one, slot: 0 }))
    expect(findSlotSigns(shared, known).map(({ what }) => what)).toEqual(['a', 'b', 'b'])
  })

  it('belong to no user of the machine', () => {
    expect(findForeignUsers('root:x:0:0\nada:x:1000:1000', 'ada:100000:65536\nruche:1879048192:268435456')).toEqual([])
    expect(findForeignUsers('eve:x:1879048200:1', '')).toHaveLength(1)
    expect(findForeignUsers('', 'eve:1879000000:65536')).toHaveLength(1)
  })
})

it('limits are read back in whole pages', () => {
  expect(isSame('268435456', '268435456')).toBe(true)
  expect(isSame('241590272', '241591910')).toBe(true)
  expect(isSame('max', '268435456')).toBe(false)
  expect(isSame('9223372036854771712', '268435456')).toBe(false)
  expect(isSame('129', '128')).toBe(false)
})

it('what cannot be looked at is unknown, and says why', async () => {
  const failing = async () => {
    throw new Error('no')
  }
  const checks = await runLooks(
    [{ step: 'x', ids: ['network.firewall', 'network.bridge'], look: failing }],
    () => undefined,
  )
  expect(levels(checks)).toEqual(['network.firewall unknown', 'network.bridge unknown'])
})
