import type { Readable } from 'node:stream'
import * as z from 'zod'
import { BackupKey } from '../../model/backup.js'
import type { Configuration } from '../../model/configuration.js'
import { AppError } from '../../model/errors.js'
import { Id, SiteName } from '../../model/names.js'
import { type OffSiteCopy, parseRepository } from '../../model/off-site.js'
import { type ResticSettings, runRestic } from './restic.js'

/** What is copied. */
export interface CopiedBackup {
  id: string
  key: string
  site: string
  createdAt: string
  sizeBytes: number
  proven: boolean
}

/** A restic repository with copies of backups elsewhere. One restic at a time; all AppError `host_failed` or `timed_out` in plain words. */
export interface OffSite {
  /** Resolves with what the repository calls it, once all of it is there. */
  copy(backup: CopiedBackup, archive: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<string>
  /** Whole copies, of whoever has used this repository, newest first. */
  list(): Promise<OffSiteCopy[]>
  /** The archive, as it comes; nothing is kept here. */
  read(snapshot: string, take: (archive: Readable) => Promise<void>): Promise<void>
  forget(snapshots: readonly string[]): Promise<void>
  /** Gives back the room of what was forgotten, and reads a part of what is there back. */
  check(): Promise<void>
}

const COMMON_MS = 120_000
const STREAM_MS = 12 * 3_600_000
const ARCHIVE = 'archive.tar'
/** Every snapshot of ours says whose it is by these; `arriving` becomes `whole` when all of it was seen to be there. */
const PLATFORM = 'ruche'
const ARRIVING = 'arriving'
const WHOLE = 'whole'

const Snapshots = z.array(z.object({ id: z.string(), time: z.string(), tags: z.array(z.string()).optional() }))
const Summary = z.object({
  message_type: z.literal('summary'),
  total_bytes_processed: z.number(),
  snapshot_id: z.string(),
})

/** Undefined when no repository is configured. */
export function openOffSite(settings: Configuration['backup']): OffSite | undefined {
  const restic = planRestic(settings)
  if (!restic) return undefined
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = last.then(act, act)
    last = turn.catch(() => undefined)
    return turn
  }
  const say = (args: string[], timeoutMs = COMMON_MS) => runRestic(restic, args, { timeoutMs })
  return {
    copy: (backup, archive, signal) =>
      inTurn(async () => {
        await prepare(say)
        const args = ['backup', '--json', '--stdin', '--stdin-filename', ARCHIVE, ...planTags(backup)]
        const output = await runRestic(restic, args, { stdin: archive, signal, timeoutMs: STREAM_MS })
        const { snapshot_id, total_bytes_processed: bytes } = readSummary(output)
        if (bytes !== backup.sizeBytes)
          throw new AppError('host_failed', `Only ${bytes} of ${backup.sizeBytes} bytes arrived.`)
        await say(['tag', '--add', WHOLE, '--remove', ARRIVING, snapshot_id])
        const found = (await listWith(say)).find(({ id, key }) => id === backup.id && key === backup.key)
        if (!found) throw new AppError('host_failed', 'The copy is not in the repository.')
        await forgetArriving(say, backup.key)
        return found.snapshot
      }),
    list: () => inTurn(() => listWith(say)),
    read: (snapshot, take) =>
      inTurn(async () => {
        const args = ['dump', '--no-lock', checkSnapshot(snapshot), ARCHIVE]
        await runRestic(restic, args, { onStdout: take, timeoutMs: STREAM_MS })
      }),
    forget: (snapshots) =>
      inTurn(async () => {
        if (snapshots.length > 0) await say(['forget', ...snapshots.map(checkSnapshot)])
      }),
    check: () =>
      inTurn(async () => {
        await say(['unlock'])
        await say(['prune'], STREAM_MS)
        await say(['check', `--read-data-subset=${settings.check_percent}%`], STREAM_MS)
      }),
  }
}

function planRestic(settings: Configuration['backup']): ResticSettings | undefined {
  const { repository, password_file, key_file, known_hosts_file } = settings
  const place = repository === undefined ? undefined : parseRepository(repository)
  if (!place || !password_file || !key_file || !known_hosts_file) return undefined
  return { ...place, passwordFile: password_file, keyFile: key_file, knownHostsFile: known_hosts_file }
}

type Say = (args: string[], timeoutMs?: number) => Promise<string>

/** The first copy makes the repository; a lock of a restic that died is taken away. */
async function prepare(say: Say): Promise<void> {
  try {
    await say(['cat', 'config'])
  } catch (error) {
    if (!(error instanceof AppError && error.message.includes('Is there a repository'))) throw error
    await say(['init'])
  }
  await say(['unlock'])
}

/** Tags of a snapshot. Pure. */
export function planTags({ id, key, site, proven, createdAt }: CopiedBackup): string[] {
  const tags = [PLATFORM, ARRIVING, `key:${key}`, `backup:${id}`, `site:${site}`, ...(proven ? ['proven'] : [])]
  // restic reads a time of this place; it keeps it with its zone.
  return ['--host', PLATFORM, '--tag', [...tags, `at:${createdAt}`].join(',')]
}

/** Pure: the last line that restic says of a backup. */
export function readSummary(output: string): z.infer<typeof Summary> {
  for (const line of output.trim().split('\n').reverse()) {
    const summary = Summary.safeParse(parseJson(line))
    if (summary.success) return summary.data
  }
  throw new AppError('host_failed', 'restic did not say what it kept.')
}

/** Pure: what restic says of its snapshots, those that are whole copies of ours. The repository is elsewhere: whatever is not as we wrote it is left out. */
export function readCopies(output: string, tag = WHOLE): OffSiteCopy[] {
  const found = Snapshots.parse(parseJson(output) ?? [])
  return found
    .flatMap(({ id: snapshot, tags = [] }) => {
      const say = (name: string) => tags.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1)
      const [id, key, site] = [
        Id.safeParse(say('backup')),
        BackupKey.safeParse(say('key')),
        SiteName.safeParse(say('site')),
      ]
      const createdAt = z.iso.datetime().safeParse(say('at'))
      if (!id.success || !key.success || !site.success || !createdAt.success || !tags.includes(tag)) return []
      const proven = tags.includes('proven')
      return [{ id: id.data, key: key.data, site: site.data, createdAt: createdAt.data, proven, snapshot }]
    })
    .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
}

const listSnapshots = (say: Say, tag: string): Promise<string> =>
  say(['snapshots', '--json', '--no-lock', '--tag', tag])

async function listWith(say: Say): Promise<OffSiteCopy[]> {
  return readCopies(await listSnapshots(say, `${PLATFORM},${WHOLE}`))
}

/** What of a site's earlier copies broke off. */
async function forgetArriving(say: Say, key: string): Promise<void> {
  const left = readCopies(await listSnapshots(say, `${PLATFORM},${ARRIVING},key:${key}`), ARRIVING)
  if (left.length > 0) await say(['forget', ...left.map(({ snapshot }) => checkSnapshot(snapshot))])
}

function checkSnapshot(snapshot: string): string {
  if (/^[0-9a-f]{8,64}$/.test(snapshot)) return snapshot
  throw new AppError('host_failed', 'The repository names its copies in a way that is not restic’s.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
