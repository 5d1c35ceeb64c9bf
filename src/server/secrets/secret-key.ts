import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.js'

const KEY_BYTES = 32

/** The key from which passwords and tokens are derived: `secret.key` (0600) of the register's folder, made at the first start. */
export async function openSecretKey(folder: string): Promise<Buffer> {
  const file = join(folder, 'secret.key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const key = await readKey(file)
  if (key) return key
  await writeKey(file, randomBytes(KEY_BYTES))
  return getKey(file)
}

async function readKey(file: string): Promise<Buffer | undefined> {
  try {
    return await getKey(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function getKey(file: string): Promise<Buffer> {
  const key = await readFile(file)
  // A new key would silently change every password, so a damaged one is never replaced.
  if (key.length !== KEY_BYTES)
    throw new AppError('host_failed', 'The secret key of the register is damaged.', {
      hint: 'Restore it from a backup.',
    })
  return key
}

// Whole or not at all, on disk before anything is derived from it; link(2) never replaces a key that came in between.
async function writeKey(file: string, key: Buffer): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(key)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(temporary)
  const folder = await open(join(file, '..'))
  await folder.sync().finally(() => folder.close())
}
