import { spawn } from 'node:child_process'
import { close, open } from 'node:fs'
import { promisify } from 'node:util'
import { AppError } from '../../model/errors.js'

// Plain descriptors: a FileHandle that nobody refers to any more is closed by the garbage collector, and the lock with it.
const openFile = promisify(open)
const closeFile = promisify(close)

const PATIENCE_MS = 500
const TAKEN = 1

export interface FileLock {
  unlock(): Promise<void>
}

/**
 * Takes the exclusive lock of a file (flock(2)), waiting for as long as another process has it; `onWait` is called once when that takes a while.
 * The lock belongs to the open file, which flock(1) inherits and this process keeps: the kernel takes it back when we end, however we end.
 * AppError `host_failed` when `signal` says stop first, or the file cannot be made.
 */
export async function lockFile(path: string, onWait: () => void, signal?: AbortSignal): Promise<FileLock> {
  const file = await openLock(path)
  const timer = setTimeout(onWait, PATIENCE_MS)
  try {
    await flock(file, [], signal)
    return { unlock: () => closeFile(file) }
  } catch (error) {
    await closeFile(file)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** The same without waiting: undefined when another process has it. */
export async function tryLockFile(path: string): Promise<FileLock | undefined> {
  const file = await openLock(path)
  if ((await flock(file, ['--nonblock'])) !== TAKEN) return { unlock: () => closeFile(file) }
  await closeFile(file)
  return undefined
}

function openLock(path: string): Promise<number> {
  return openFile(path, 'a', 0o600).catch((cause: unknown) => {
    throw new AppError('host_failed', `${path} cannot be locked`, { cause })
  })
}

function flock(file: number, options: string[], signal?: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'ignore', 'ignore', file] as const
    const child = spawn('/usr/bin/flock', [...options, '3'], { env: {}, stdio: [...stdio], ...(signal && { signal }) })
    child.once('error', (cause) => reject(new AppError('host_failed', 'the lock could not be taken', { cause })))
    child.once('exit', (code) => {
      if (code === 0 || code === TAKEN) resolve(code)
      else reject(new AppError('host_failed', 'the lock could not be taken'))
    })
  })
}
