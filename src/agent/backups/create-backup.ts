import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Backup, BackupManifest } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { checkDisk } from '../containers/admission.js'
import type { Caller } from '../containers/caller.js'
import { snapshotOf, workGroup } from '../containers/copy.js'
import { lookAllocated, lookDiskFor, promisedBytes } from '../containers/disk.js'
import { type Container, getContainer, type Hive } from '../containers/hive.js'
import { siteFolder, uidBaseOf } from '../containers/record.js'
import { makeSteps, type Steps } from '../containers/steps.js'
import { DATABASE, FILES } from './archive-layout.js'
import { fetchPage } from './fetch-page.js'
import { archivePath, type BackupRef, getBackup, makeBackupFolder } from './store.js'
import { findDatabaseProgram, type Workbench, work } from './workbench.js'
import { type ArchiveWriter, openArchiveWriter } from './write-archive.js'

/** What is in a backup beside the database: the owner's tree, and the identity of the SFTP server. */
export const HOME = 'home/site'
export const IDENTITY = 'etc/ssh/site'
/** All data is in whole blocks: so the holes of sparse files stay holes. */
const PACK = ['tar', '--create', '--use-compress-program=zstd -q -3', '--numeric-owner', '--sparse', '-C', '/']

/** Name of the half-made thing and of the lock for work that goes on beside the container's own life. */
export const besideId = (id: string, what: 'backup' | 'proof' | 'restore'): string => `${id}.${what}`

/**
 * Backs a container up: its image is copied as it is at one moment, and files and database are taken out of that copy, so they agree. The archive
 * is listed once it is whole and on the disk. The same id again: no change.
 */
export async function createBackup(
  hive: Hive,
  { id, ...ref }: BackupRef & { id: string },
  caller: Pick<Caller, 'note'>,
): Promise<Backup> {
  const { stateFolder } = hive.settings
  return hive.locks.run(besideId(id, 'backup'), async () => {
    const existing = await getBackup(stateFolder, ref).catch(ifAbsent)
    if (existing) return existing
    const container = getContainer(hive, id)
    const steps = makeSteps(caller.note)
    await checkRoomFor(hive, container)
    await makeBackupFolder(stateFolder, ref.key)
    const copy = siteFolder(stateFolder, `.build-${besideId(id, 'backup')}`)
    await rm(copy, { recursive: true, force: true })
    await mkdir(copy, { recursive: true, mode: 0o700 })
    const writer = await openArchiveWriter(archivePath(stateFolder, ref))
    try {
      await fill(hive, container, { writer, image: join(copy, 'image'), backup: ref.backup, steps })
    } finally {
      await writer.abandon()
      await rm(copy, { recursive: true, force: true })
    }
    const made = await getBackup(stateFolder, ref)
    hive.log.info('backed up', { id, backup: ref.backup, sizeBytes: made.sizeBytes, timesMs: steps.timesMs })
    return made
  })
}

interface Filling {
  writer: ArchiveWriter
  /** Where the copy goes. */
  image: string
  backup: string
  steps: Steps
}

async function fill(hive: Hive, container: Container, { writer, image, backup, steps }: Filling): Promise<void> {
  const { id } = container
  const createdAt = new Date().toISOString()
  const { pageStatus, frozenMs, record } = await steps.run('snapshot', () =>
    hive.locks.run(id, async () => {
      const now = getContainer(hive, id)
      if (now.record.wanted === 'absent') throw new AppError('conflict', `${id} is being destroyed.`)
      const status = now.life?.ready ? await fetchPage(hive, now, now.life).catch(() => undefined) : undefined
      return { pageStatus: status, ...(await snapshotOf(hive, now, image)), record: now.record }
    }),
  )
  const { manifest: template, tree } = await hive.templates.get(record.template)
  const root = { templateTree: tree, image, uidBase: uidBaseOf(record.slot), data: template.data }
  const bench: Workbench = { root, group: workGroup(besideId(id, 'backup')) }
  const files = await steps.run('files', () => pack(hive, bench, writer, FILES, [...PACK, HOME, IDENTITY]))
  const program = await findDatabaseProgram(hive, record.spec.stack)
  // Second: starting its server changes the copy.
  const database =
    program && (await steps.run('database', () => pack(hive, bench, writer, DATABASE, compressed(program('dump')))))
  const manifest: BackupManifest = {
    ...{ format: 1, id: backup, site: id, createdAt, stack: record.spec.stack, suite: template.suite },
    ...{ limits: record.spec.limits, domains: record.spec.settings.domains, frozenMs },
    ...(pageStatus !== undefined && { pageStatus }),
    files,
    ...(database && { database }),
  }
  await steps.run('finish', () => writer.finish(manifest))
}

async function pack(
  hive: Hive,
  bench: Workbench,
  writer: ArchiveWriter,
  name: typeof FILES | typeof DATABASE,
  argv: string[],
): Promise<{ bytes: number; sha256: string }> {
  let part: { bytes: number; sha256: string } | undefined
  await work(hive, bench, argv, {
    onStdout: async (stdout) => {
      part = await writer.add(name, stdout)
    },
  })
  if (part && part.bytes > 0) return part
  throw new AppError('host_failed', `Nothing came out of the copy for ${name}.`)
}

/** The program's output through zstd; bash, because only it tells when the first of two fails. */
export const compressed = (argv: string[]): string[] => piped('"$@" | zstd -q -3', argv)
/** The program's input through zstd. */
export const decompressed = (argv: string[]): string[] => piped('zstd -q -d | "$@"', argv)

const piped = (script: string, argv: string[]): string[] => ['bash', '-o', 'pipefail', '-c', script, 'bash', ...argv]

/** What a copy and its archive may take, beside all that is promised to the sites. */
async function checkRoomFor(hive: Hive, container: Container): Promise<void> {
  const needed = 2 * ((await lookAllocated(hive, container)) ?? 0)
  checkDisk(promisedBytes(hive) + needed, await lookDiskFor(hive, needed))
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}
