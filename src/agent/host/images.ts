import { readFileSync } from 'node:fs'
import { mkdir, open, rm, stat, statfs, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../model/errors.js'
import { syncFolder } from './durable-files.js'
import { run } from './run.js'

export interface ImageUsage {
  totalBytes: number
  usedBytes: number
}

// One inode per 8 KiB: a site is many small files. Blocks of 4 KiB whatever the size: mke2fs would take 1 KiB for small ones.
const FORMAT = ['-q', '-F', '-t', 'ext4', '-b', '4096', '-i', '8192', '-I', '256', '-m', '1']
// On a fresh sparse file nothing has to be zeroed, now or by the kernel later, so an empty image takes what its metadata takes.
const LAZY = ['-E', 'lazy_itable_init=1,lazy_journal_init=1']

/**
 * Makes a sparse file of `sizeBytes` (rounded down to 4 KiB) with an ext4 file system that has the folders `data` and `layer` (mke2fs(8)).
 * Mode 0600; it and its name are on the disk when this returns. AppError `conflict` when the file is there already, `host_failed`.
 */
export async function makeImage(path: string, sizeBytes: number): Promise<void> {
  const seed = `${path}.seed`
  await reserve(path, sizeBytes)
  try {
    await mkdir(`${seed}/data`, { recursive: true, mode: 0o755 })
    await mkdir(`${seed}/layer`, { mode: 0o700 })
    await run('mke2fs', [...FORMAT, ...LAZY, '-d', seed, path])
    await rm(seed, { recursive: true })
    await syncFile(path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(path, { force: true })
    await rm(seed, { recursive: true, force: true })
    throw error
  }
}

async function reserve(path: string, sizeBytes: number): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.truncate(sizeBytes - (sizeBytes % 4096))
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new AppError('conflict', 'there is an image already', { cause: error })
  }
}

/**
 * Makes an image that is not mounted larger (e2fsck(8), resize2fs(8)); large enough already: no change. Cut off in the middle it can be
 * called again. AppError `host_failed` when the file system cannot be repaired.
 */
export async function growImage(path: string, sizeBytes: number): Promise<void> {
  const wanted = sizeBytes - (sizeBytes % 4096)
  const before = await imageUsage(path)
  if ((await stat(path)).size < wanted) await truncate(path, wanted)
  else if (before.totalBytes >= wanted) return
  // 1: errors were corrected, which is what -p is for (a journal to replay after a crash).
  await run('e2fsck', ['-f', '-p', path], { accept: [0, 1], timeoutMs: 600_000 })
  await run('resize2fs', [path], { timeoutMs: 600_000 })
  await syncFile(path)
}

const SUPERBLOCK_AT = 1024
const MAGIC = 0xef53

/** Fill level of an image that is not mounted, as its superblock says (ext4's on-disk layout). AppError `host_failed` when it is none. */
export async function imageUsage(path: string): Promise<ImageUsage> {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(1024), 0, 1024, SUPERBLOCK_AT)
    if (buffer.readUInt16LE(0x38) !== MAGIC) throw new AppError('host_failed', 'the image holds no file system')
    const blockBytes = 1024 << buffer.readUInt32LE(0x18)
    const blocks = buffer.readUInt32LE(0x4) + buffer.readUInt32LE(0x150) * 2 ** 32
    const free = buffer.readUInt32LE(0xc) + buffer.readUInt32LE(0x158) * 2 ** 32
    // What the file system keeps for itself (journal, inode tables): statfs(2) does not count it as used either.
    const overhead = buffer.readUInt32LE(0x248)
    return { totalBytes: blocks * blockBytes, usedBytes: Math.max(0, blocks - free - overhead) * blockBytes }
  } finally {
    await file.close()
  }
}

/** Fill level of the image on which a running container's root lies (statfs(2) on /proc/PID/root, which no name in the site can redirect). */
export async function mountedUsage(pid: number): Promise<ImageUsage> {
  const { bsize, blocks, bfree } = await statfs(`/proc/${pid}/root`)
  return { totalBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize }
}

/** The loop device (`major:minor`) on which a container's image lies, as its PID 1 sees it mounted (proc_pid_mountinfo(5)). */
export function findImageDevice(pid: number): string | undefined {
  return parseImageDevice(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'))
}

/** Pure: every data folder is a mount of a folder below `/data` of the image, and nobody inside can mount. */
export function parseImageDevice(mountinfo: string): string | undefined {
  return /^\d+ \d+ (\d+:\d+) \/data\/\S+ .* - ext4 /m.exec(mountinfo)?.[1]
}

/** Makes the content of a file last (fsync(2)). */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
