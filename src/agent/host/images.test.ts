import { mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { growImage, imageUsage, makeImage, mountedUsage, parseImageDevice } from './images.js'
import { run } from './run.js'

const MIB = 1024 ** 2
let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-images-'))
  path = join(folder, 'image')
})
afterEach(() => rm(folder, { recursive: true }))

const debug = async (request: string) => (await run('debugfs', ['-R', request, path])).stdout
const isClean = () => run('e2fsck', ['-f', '-n', path])

describe('makeImage', () => {
  it('makes a file system of the size asked for, with its two folders, taking almost no room', async () => {
    await makeImage(path, 1024 * MIB + 17)
    const { size, blocks, mode } = await stat(path)
    expect(size).toBe(1024 * MIB)
    expect(blocks * 512).toBeLessThan(MIB)
    expect(mode & 0o777).toBe(0o600)
    await isClean()
    expect(await debug('stat /data')).toMatch(/Type: directory +Mode: +0755 [\s\S]*User: +0 +Group: +0/)
    expect(await debug('stat /layer')).toMatch(/Type: directory +Mode: +0700 [\s\S]*User: +0 +Group: +0/)
    expect(await debug('show_super_stats -h')).toMatch(/Inode count: +131072[\s\S]*Block size: +4096/)
    expect(await readdir(folder)).toEqual(['image'])
  })

  it('never touches an image that is there', async () => {
    await writeFile(path, 'precious')
    await expect(makeImage(path, 64 * MIB)).rejects.toMatchObject({ code: 'conflict' })
    expect((await stat(path)).size).toBe(8)
  })

  it('leaves nothing when the file system cannot be made', async () => {
    await expect(makeImage(path, 4096)).rejects.toMatchObject({ code: 'host_failed' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('growImage', () => {
  it('makes it larger and keeps what is in it', async () => {
    await makeImage(path, 64 * MIB)
    await writeFile(join(folder, 'source'), 'kept')
    await run('debugfs', ['-w', '-R', `write ${folder}/source /data/kept`, path])
    await growImage(path, 128 * MIB)
    await isClean()
    expect((await imageUsage(path)).totalBytes).toBe(128 * MIB)
    expect(await debug('cat /data/kept')).toBe('kept')
  })

  it('never makes it smaller, and goes on where it was cut off', async () => {
    await makeImage(path, 128 * MIB)
    await growImage(path, 64 * MIB)
    expect((await stat(path)).size).toBe(128 * MIB)
    await truncate(path, 192 * MIB)
    await growImage(path, 192 * MIB)
    expect((await imageUsage(path)).totalBytes).toBe(192 * MIB)
    await isClean()
  })
})

describe('fill level', () => {
  it('is read from the superblock', async () => {
    await makeImage(path, 64 * MIB)
    const before = await imageUsage(path)
    await writeFile(join(folder, 'source'), Buffer.alloc(8 * MIB, 1))
    await run('debugfs', ['-w', '-R', `write ${folder}/source /data/big`, path])
    const after = await imageUsage(path)
    expect(after.usedBytes - before.usedBytes).toBeGreaterThanOrEqual(8 * MIB)
    expect(after.usedBytes - before.usedBytes).toBeLessThan(9 * MIB)
    expect(after.totalBytes).toBe(64 * MIB)
  })

  it('is refused for a file that is no file system', async () => {
    const file = await open(path, 'w')
    await file.truncate(MIB)
    await file.close()
    await expect(imageUsage(path)).rejects.toMatchObject({ code: 'host_failed' })
  })

  it('of a running container is that of the root it has', async () => {
    const { totalBytes, usedBytes } = await mountedUsage(process.pid)
    expect(usedBytes).toBeGreaterThan(0)
    expect(totalBytes).toBeGreaterThan(usedBytes)
  })
})

it('finds the device of an image among the mounts of a site, not that of the template', () => {
  const mounts = `519 518 0:57 / / rw,nosuid,nodev,relatime - overlay overlay rw,lowerdir=/proc/self/fd/8
520 519 7:3 /data/home /home/site rw,nosuid,nodev,relatime idmapped - ext4 /dev/loop3 rw
521 519 254:0 /templates/x /usr ro,relatime - ext4 /dev/vda rw`
  expect(parseImageDevice(mounts)).toBe('7:3')
  expect(parseImageDevice(mounts.replaceAll('/data/', '/other/'))).toBeUndefined()
})
