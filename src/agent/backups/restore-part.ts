import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../model/errors.js'
import type { Stack } from '../../model/stack.js'
import { checkDisk } from '../containers/admission.js'
import type { Caller } from '../containers/caller.js'
import { workGroup } from '../containers/copy.js'
import { importDatabase } from '../containers/database.js'
import { lookDiskFor, promisedBytes } from '../containers/disk.js'
import { getContainer, type Hive } from '../containers/hive.js'
import { SITE_UID, withProgramInside } from '../containers/inside.js'
import { siteFolder } from '../containers/record.js'
import { makeSteps } from '../containers/steps.js'
import { makeImage } from '../host/images.js'
import { DATABASE, FILES } from './archive-layout.js'
import { besideId, decompressed, HOME } from './create-backup.js'
import type { Archive } from './read-archive.js'
import { rootOf, withArchive } from './restore.js'
import type { BackupRef } from './store.js'
import { converse, type DatabaseProgram, findDatabaseProgram, work } from './workbench.js'

const TAR = ['--use-compress-program=zstd -q', '-C', '/']
const MOST_LIST_BYTES = 1024 ** 2
/** A table as SQL may take so many times what the site's disk holds. */
const MOST_DUMP_PARTS = 4
/** How tar, mariadb-dump, pg_dump and we ourselves say that something is not there. */
const ABSENT = /Not found in archive|Couldn't find table|no matching tables were found|no such table/

/** Puts one file, or a folder with all that is in it, back where it was, as the site's own user does it. AppError `not_found` when it is not in there. */
export async function restoreFile(
  hive: Hive,
  { id, path, ...ref }: BackupRef & { id: string; path: string },
): Promise<void> {
  if (path === '') throw new AppError('invalid', 'The home folder itself is put back by restoring the whole site.')
  const argv = ['tar', '--extract', ...TAR, '--no-same-owner', '--no-wildcards', '--', `${HOME}/${path}`]
  await withArchive(hive, ref, async (archive) => {
    await archive.check()
    await withFiles(hive, id, argv, archive).catch(asAbsent)
  })
}

/** Paths below the home of what is in a backup, as many as fit. Names that a line cannot hold are left out. */
export async function listBackupFiles(
  hive: Hive,
  { id, ...ref }: BackupRef & { id: string },
): Promise<{ paths: string[]; truncated: boolean }> {
  let text = ''
  let truncated = false
  const collect = async (stdout: Readable): Promise<void> => {
    for await (const chunk of stdout) {
      if (text.length < MOST_LIST_BYTES) text += String(chunk)
      else truncated = true
    }
  }
  await withArchive(hive, ref, async (archive) => {
    await archive.check()
    await withFiles(hive, id, ['tar', '--list', ...TAR, '--quoting-style=escape', HOME], archive, collect)
  })
  const lines = text.split('\n')
  if (truncated) lines.pop()
  const paths = lines.filter((line) => line.startsWith(`${HOME}/`) && !line.includes('\\'))
  return { paths: paths.map((line) => line.slice(HOME.length + 1)).filter((path) => path !== ''), truncated }
}

function withFiles(
  hive: Hive,
  id: string,
  argv: string[],
  archive: Archive,
  onStdout?: (stdout: Readable) => Promise<void>,
): Promise<void> {
  const program = { uid: SITE_UID, cwd: '/', argv }
  return withProgramInside(hive, id, program, (launched) =>
    converse(launched, { stdin: archive.read(FILES), ...(onStdout && { onStdout }) }),
  )
}

/**
 * Puts one table back into the site's database, as it was: out of a throw-away database, so that only that table is touched, and by the site's own
 * account, since a backup may hold statements that somebody else wrote. AppError `not_found` when it is not in there.
 */
export async function restoreTable(
  hive: Hive,
  { id, table, ...ref }: BackupRef & { id: string; table: string },
  caller: Pick<Caller, 'note'>,
): Promise<void> {
  const half = siteFolder(hive.settings.stateFolder, `.build-${besideId(id, 'restore')}`)
  await hive.locks.run(besideId(id, 'restore'), () =>
    withArchive(hive, ref, async (archive) => {
      const container = getContainer(hive, id)
      const { stack, limits } = container.record.spec
      const { program, part } = await findTables(hive, archive, stack)
      const steps = makeSteps(caller.note)
      await steps.run('check', () => archive.check())
      checkDisk(promisedBytes(hive) + limits.diskBytes, await lookDiskFor(hive, limits.diskBytes))
      await rm(half, { recursive: true, force: true })
      await mkdir(half, { recursive: true, mode: 0o700 })
      try {
        const image = join(half, 'image')
        await makeImage(image, limits.diskBytes)
        const bench = { root: await rootOf(hive, container, image), group: workGroup(besideId(id, 'restore')) }
        await steps.run('database', () =>
          work(hive, bench, decompressed(program('load')), { stdin: archive.read(part) }).catch(asAbsent),
        )
        // Whole before the first statement of it runs.
        const dump = join(half, 'table.sql')
        const keep = (stdout: Readable): Promise<void> => keepDump(stdout, dump, MOST_DUMP_PARTS * limits.diskBytes)
        await steps.run('dump', () => work(hive, bench, program('dump', table), { onStdout: keep }).catch(asAbsent))
        await steps.run('table', () => importDump(hive, id, dump))
      } finally {
        await rm(half, { recursive: true, force: true })
      }
    }),
  )
}

/** Where tables are in a backup, and what gets them out. */
async function findTables(
  hive: Hive,
  { manifest }: Archive,
  stack: Stack,
): Promise<{ program: DatabaseProgram; part: typeof DATABASE | typeof FILES }> {
  if (manifest.stack.database === stack.database) {
    const ofServer = manifest.database && (await findDatabaseProgram(hive, stack))
    if (ofServer) return { program: ofServer, part: DATABASE }
    const ofFile = await findDatabaseProgram(hive, stack, 'table')
    if (ofFile) return { program: ofFile, part: FILES }
  }
  throw new AppError('conflict', 'There is no database in this backup that fits the site.')
}

async function keepDump(stdout: Readable, path: string, mostBytes: number): Promise<void> {
  let bytes = 0
  const bounded = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new AppError('limit_reached', 'This table is too large to be put back alone.')
      yield chunk
    }
  }
  const file = await open(path, 'wx', 0o600)
  await pipeline(stdout, bounded, file.createWriteStream())
}

async function importDump(hive: Hive, id: string, path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size: sizeBytes } = await file.stat()
    const streams = { stdin: file.createReadStream({ autoClose: false }), hungUp: new AbortController().signal }
    await importDatabase(hive, { id, format: 'sql', sizeBytes }, streams)
  } finally {
    await file.close()
  }
}

function asAbsent(error: unknown): never {
  const said = error instanceof AppError && error.cause instanceof Error ? error.cause.message : ''
  if (!ABSENT.test(said)) throw error
  throw new AppError('not_found', 'That is not in this backup.', { cause: error })
}
