import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, type Limits } from '../../model/limits.js'
import { findUnifiedMount, findV1Mounts } from './cgroups.js'
import { planV1DiskRate, planV1Limits, planV1Memory } from './cgroups-v1.js'
import { openV2, planV2DiskRate, planV2Limits } from './cgroups-v2.js'

const MIB = 1024 ** 2
const HALF: Limits = { cpuMilli: 500, memoryBytes: 256 * MIB, diskBytes: 1024 * MIB, pids: 128 }

const V2_MOUNTS = `23 28 0:21 / /sys rw,nosuid - sysfs sysfs rw
30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
`
const V1_MOUNTS = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`

describe('finding the hierarchies', () => {
  it('knows a unified one, alone or beside others', () => {
    expect(findUnifiedMount(V2_MOUNTS)).toBe('/sys/fs/cgroup')
    expect(findUnifiedMount(V1_MOUNTS)).toBe('/sys/fs/cgroup/unified')
    expect(findV1Mounts(V2_MOUNTS)).toBeUndefined()
  })

  it('knows those of v1, also shared ones, and wants all of them', () => {
    expect(findV1Mounts(V1_MOUNTS)).toEqual({
      cpu: '/sys/fs/cgroup/cpu,cpuacct',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
      memory: '/sys/fs/cgroup/memory',
      pids: '/sys/fs/cgroup/pids',
      freezer: '/sys/fs/cgroup/freezer',
    })
    expect(findV1Mounts(V1_MOUNTS.replace('rw,freezer\n', 'rw,other\n'))).toBeUndefined()
  })
})

describe('limits in the words of the kernel', () => {
  it('v1: quota of a period, shares, processes; memory before memory and swap', () => {
    expect(planV1Limits(HALF).map(({ file, value }) => [file, value])).toEqual([
      ['cpu.cfs_period_us', '100000'],
      ['cpu.cfs_quota_us', '50000'],
      ['cpu.shares', '512'],
      ['pids.max', '128'],
    ])
    const order = (now: number | undefined) => planV1Memory(HALF, now).map(({ file }) => file)
    expect(order(undefined)).toEqual(['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'])
    expect(order(512 * MIB)).toEqual(['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'])
    expect(order(128 * MIB)).toEqual(['memory.memsw.limit_in_bytes', 'memory.limit_in_bytes'])
  })

  it('v2: quota and period, weight, memory with a soft border below the hard one, no swap, one victim', () => {
    expect(Object.fromEntries(planV2Limits(HALF).map(({ file, value }) => [file, value]))).toEqual({
      'cpu.max': '50000 100000',
      'cpu.weight': '50',
      'memory.swap.max': '0',
      'memory.oom.group': '0',
      'pids.max': '128',
    })
    const weight = (cpuMilli: number) =>
      planV2Limits({ ...HALF, cpuMilli }).find(({ file }) => file === 'cpu.weight')?.value
    expect([weight(50), weight(1000), weight(64_000)]).toEqual(['5', '100', '6400'])
  })
})

describe('rates of a disk in the words of the kernel', () => {
  const rate = { readBytes: 1000, writeBytes: 500, reads: 20, writes: 10 }

  it('v1: one file for each, where the controller is', () => {
    expect(planV1DiskRate('7:3', rate).map(({ file, value }) => [file, value])).toEqual([
      ['blkio.throttle.read_bps_device', '7:3 1000'],
      ['blkio.throttle.write_bps_device', '7:3 500'],
      ['blkio.throttle.read_iops_device', '7:3 20'],
      ['blkio.throttle.write_iops_device', '7:3 10'],
    ])
    const blkio = '42 31 0:39 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio\n'
    expect(findV1Mounts(V1_MOUNTS + blkio)).toMatchObject({ blkio: '/sys/fs/cgroup/blkio' })
  })

  it('v2: one line', () => {
    expect(planV2DiskRate('7:3', rate)).toMatchObject({
      file: 'io.max',
      value: '7:3 rbps=1000 wbps=500 riops=20 wiops=10',
    })
  })
})

describe('the v2 driver, over folders that play a hierarchy', () => {
  let parent = ''
  let shop = ''
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ruche-cgroup-'))
    shop = join(parent, 'ruche/shop')
    await mkdir(shop, { recursive: true })
    await give(parent, { 'cgroup.subtree_control': 'memory pids\n' })
    await give(join(parent, 'ruche'), { 'cgroup.subtree_control': '\n' })
    const limits = planV2Limits(DEFAULT_LIMITS).filter(({ file }) => file !== 'memory.swap.max')
    const files = [...limits.map(({ file }) => file), 'memory.max', 'memory.high']
    await give(shop, Object.fromEntries(files.map((file) => [file, ''])))
  })
  afterEach(() => rm(parent, { recursive: true }))

  // The kernel makes these files; a driver that made one would have mistaken its name.
  const give = async (folder: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  }
  const text = (...path: string[]) => readFile(join(parent, ...path), 'utf8')

  it('hands the controllers down and writes every limit; a kernel without swap accounting will do', async () => {
    const cgroups = openV2(parent, 'ruche')
    await cgroups.ensure('shop', HALF)
    expect(await text('cgroup.subtree_control')).toMatch(/^\+cpu/)
    expect(await text('ruche/cgroup.subtree_control')).toBe('+cpu +memory +pids')
    expect(await text('ruche/shop/cpu.max')).toBe('50000 100000')
    expect(await text('ruche/shop/memory.max')).toBe(String(256 * MIB))
    await expect(text('ruche/shop/memory.swap.max')).rejects.toThrow()
    expect(cgroups.procsFiles('shop')).toEqual([join(shop, 'cgroup.procs')])
    expect(await cgroups.list()).toEqual(['shop'])
  })

  it('hands the control of disks down where the host has it', async () => {
    await give(parent, { 'cgroup.controllers': 'cpu io memory pids\n' })
    await openV2(parent, 'ruche').ensure('shop', HALF)
    expect(await text('cgroup.subtree_control')).toMatch(/^\+cpu \+io/)
  })

  it('asks for memory back before it lowers the limit, and lets it be when there is not enough', async () => {
    const cgroups = openV2(parent, 'ruche')
    await give(shop, { 'memory.max': String(512 * MIB), 'memory.current': String(300 * MIB) })
    await expect(cgroups.setLimits('shop', HALF)).rejects.toMatchObject({ code: 'conflict' })
    expect(await text('ruche/shop/memory.max')).toBe(String(512 * MIB))
    expect(await text('ruche/shop/memory.high')).toMatch(/^max/)
    await give(shop, { 'memory.current': String(200 * MIB) })
    await cgroups.setLimits('shop', HALF)
    expect(await text('ruche/shop/memory.max')).toBe(String(256 * MIB))
    expect(await text('ruche/shop/memory.high')).toMatch(/^max/)
  })

  it('says when there is no group to limit', async () => {
    await expect(openV2(parent, 'ruche').setLimits('other', HALF)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('reads the counters, and leaves out what is not there', async () => {
    const cgroups = openV2(parent, 'ruche')
    expect(await cgroups.usage('shop')).toEqual({})
    await give(shop, {
      'cpu.stat': 'usage_usec 1500\nuser_usec 1000\nnr_throttled 2\nthrottled_usec 70\n',
      'memory.current': '1000000\n',
      'memory.stat': 'anon 300000\ninactive_file 400000\n',
      'memory.events': 'low 0\nhigh 7\nmax 3\noom 2\noom_kill 2\noom_group_kill 0\n',
      'pids.current': '9\n',
      'cgroup.procs': '12\n34\n0\n',
    })
    expect(await cgroups.usage('shop')).toEqual({
      cpuNs: 1_500_000,
      throttledNs: 70_000,
      memoryBytes: 600_000,
      oomKills: 2,
      pids: 9,
    })
    expect(await cgroups.processes('shop')).toEqual([12, 34])
    expect(await cgroups.processes('other')).toEqual([])
    expect(await cgroups.usage('other')).toEqual({})
  })

  it('kills by one word and waits until the group is empty', async () => {
    const cgroups = openV2(parent, 'ruche')
    await give(shop, { 'cgroup.kill': '', 'cgroup.events': 'populated 1\nfrozen 0\n' })
    let ended = false
    const killing = cgroups.kill('shop').then(() => {
      ended = true
    })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await text('ruche/shop/cgroup.kill')).toBe('1')
    expect(ended).toBe(false)
    await give(shop, { 'cgroup.events': 'populated 0\nfrozen 0\n' })
    await killing
    await give(shop, { 'cgroup.kill': '' })
    await cgroups.kill('shop')
    await cgroups.kill('other')
    expect(await text('ruche/shop/cgroup.kill')).toBe('')
  })

  it('removes an empty group, twice', async () => {
    const cgroups = openV2(parent, 'ruche')
    await mkdir(join(parent, 'ruche/empty'))
    await cgroups.remove('empty')
    await cgroups.remove('empty')
    expect(await cgroups.list()).toEqual(['shop'])
  })
})
