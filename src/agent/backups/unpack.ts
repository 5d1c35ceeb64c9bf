import { AppError } from '../../model/errors.js'
import type { Stack } from '../../model/stack.js'
import type { Hive } from '../containers/hive.js'
import type { Steps } from '../containers/steps.js'
import { makeImage } from '../host/images.js'
import { DATABASE, FILES } from './archive-layout.js'
import { decompressed, HOME, IDENTITY } from './create-backup.js'
import type { Archive } from './read-archive.js'
import { findDatabaseProgram, type Workbench, work } from './workbench.js'

/** Only what a backup holds is taken, whatever else is in it; as it was, ids included. Devices cannot be made there, nothing is followed out. */
const UNPACK = [
  ...['tar', '--extract', '--use-compress-program=zstd -q', '--numeric-owner', '--same-permissions', '--sparse'],
  ...['--delay-directory-restore', '--no-wildcards', '-C', '/', '--'],
]

export interface Unpacking {
  archive: Archive
  bench: Workbench
  sizeBytes: number
  stack: Stack
  /** The SFTP server's host keys come along. */
  keepsIdentity: boolean
  steps: Steps
}

/**
 * Makes an image out of an archive, all of it inside a confined throw-away namespace over that very image: a hostile archive can fill it, and no
 * more. Every byte of the archive is checked before the first is believed. AppError `invalid` when it is damaged.
 */
export async function unpack(hive: Hive, unpacking: Unpacking): Promise<void> {
  const { archive, bench, sizeBytes, stack, keepsIdentity, steps } = unpacking
  checkDatabase(archive, stack)
  await steps.run('check', () => archive.check())
  await makeImage(bench.root.image, sizeBytes)
  const wanted = keepsIdentity ? [HOME, IDENTITY] : [HOME]
  await steps.run('files', () => work(hive, bench, [...UNPACK, ...wanted], { stdin: archive.read(FILES) }))
  const program = await findDatabaseProgram(hive, stack)
  if (!program || !archive.manifest.database) return
  await steps.run('database', () => work(hive, bench, decompressed(program('load')), { stdin: archive.read(DATABASE) }))
}

/** A dump speaks its own server's language. */
function checkDatabase({ manifest }: Archive, stack: Stack): void {
  const { database } = manifest.stack
  if (database === stack.database) return
  throw new AppError('conflict', `The backup is of a site with the database ${database}, not ${stack.database}.`)
}
