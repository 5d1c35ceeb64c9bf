import type { CallContext, Input, SiteBackups } from '../../src/engine/engine.js'
import type { Backup, BackupSurvey } from '../../src/model/backup.js'
import type { ContainerSpec, ContainerStatus } from '../../src/model/container.js'
import { AppError } from '../../src/model/errors.js'
import { DEFAULT_LIMITS } from '../../src/model/limits.js'
import { DEFAULT_STACK } from '../../src/model/stack.js'
import { FakeFiles } from './fake-files.js'

/** What the backups need of the fake engine. */
export interface FakeSites {
  act(verb: 'backup' | 'prove' | 'restore', id: string, context: CallContext, steps: string[]): Promise<void>
  find(id: string): { spec: ContainerSpec; status: ContainerStatus; files: FakeFiles }
  create(spec: ContainerSpec, context: CallContext): Promise<ContainerStatus>
  setFiles(id: string, files: FakeFiles): void
}

interface Kept {
  backup: Backup
  files: FakeFiles
}

export const ARCHIVE = Buffer.from('an archive')

/** Backups in memory, with the answers of the real ones. */
export class FakeBackups implements SiteBackups {
  readonly kept = new Map<string, Kept>()
  /** Why no backup of this site can be proven. */
  fault: { reason: string; pageStatus: number } | undefined

  constructor(private readonly sites: FakeSites) {}

  async list(): Promise<Backup[]> {
    const all = [...this.kept.values()].map(({ backup }) => backup)
    return all.sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
  }

  async create(id: string, backup: string, context: CallContext): Promise<Backup> {
    await this.sites.act('backup', id, context, ['snapshot', 'files', 'database', 'finish'])
    const { spec, files } = this.sites.find(id)
    const { stack, limits } = spec
    const made = {
      ...{ id: backup, createdAt: new Date().toISOString(), sizeBytes: ARCHIVE.length, stack, limits },
      ...{ hasDatabase: stack.database !== 'none', frozenMs: 20 },
    }
    this.kept.set(backup, { backup: made, files: files.clone() })
    return made
  }

  async prove(id: string, backup: string, context: CallContext): Promise<Backup> {
    await this.sites.act('prove', id, context, ['check', 'start', 'page'])
    const kept = this.get(backup)
    const verdict = this.fault ? { proven: false, ...this.fault } : { proven: true, pageStatus: 200 }
    kept.backup = { ...kept.backup, proof: { ...verdict, at: new Date().toISOString(), durationMs: 900 } }
    return kept.backup
  }

  async remove(backup: string): Promise<void> {
    this.kept.delete(backup)
  }

  async restore(id: string, backup: string, context: CallContext): Promise<ContainerStatus> {
    const { files } = this.get(backup)
    await this.sites.act('restore', id, context, ['check', 'files', 'exchange', 'start'])
    this.sites.setFiles(id, files.clone())
    return this.sites.find(id).status
  }

  async restoreAs(spec: ContainerSpec, backup: string, context: CallContext): Promise<ContainerStatus> {
    const { files } = this.get(backup)
    const status = await this.sites.create(spec, context)
    this.sites.setFiles(spec.id, files.clone())
    return status
  }

  async restoreFile(id: string, backup: string, path: string): Promise<void> {
    const { content } = await this.get(backup).files.read(path)
    this.sites.find(id).files.put(path, content)
  }

  async restoreTable(id: string, backup: string, _table: string, context: CallContext): Promise<void> {
    this.get(backup)
    await this.sites.act('restore', id, context, ['table'])
  }

  async files(_id: string, backup: string): Promise<{ paths: string[]; truncated: boolean }> {
    this.get(backup)
    return { paths: ['public/', 'public/index.php', 'private/.keep'], truncated: false }
  }

  async read(backup: string, take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    this.get(backup)
    await take(ARCHIVE)
  }

  /** Takes what `read` gave. */
  async put(backup: string, archive: Input): Promise<Backup> {
    const chunks: Uint8Array[] = []
    for await (const chunk of archive instanceof Uint8Array ? [archive] : archive) chunks.push(chunk)
    if (Buffer.concat(chunks).equals(ARCHIVE)) return this.take(backup)
    throw new AppError('invalid', 'The backup is damaged (files.tar.zst is missing); nothing was changed.')
  }

  private take(backup: string): Backup {
    const made = {
      ...{ id: backup, createdAt: new Date().toISOString(), sizeBytes: ARCHIVE.length },
      ...{ stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, hasDatabase: false, frozenMs: 20 },
    }
    const files = FakeFiles.ofNewSite(DEFAULT_STACK)
    files.put('public/index.php', Buffer.from('from afar'))
    this.kept.set(backup, { backup: made, files })
    return made
  }

  private get(backup: string): Kept {
    const kept = this.kept.get(backup)
    if (kept) return kept
    throw new AppError('not_found', 'There is no such backup.')
  }
}

/** The backups of all sites. */
export class FakeShelf {
  private readonly made = new Map<string, FakeBackups>()

  constructor(private readonly sites: FakeSites) {}

  of(key: string): FakeBackups {
    const made = this.made.get(key) ?? new FakeBackups(this.sites)
    this.made.set(key, made)
    return made
  }

  survey(): Promise<BackupSurvey[]> {
    return Promise.all([...this.made].map(async ([key, backups]) => surveyOf(key, await backups.list())))
  }
}

/** What is known of a site's backups, newest first, without a look into each. */
function surveyOf(key: string, backups: Backup[]): BackupSurvey {
  const [newest] = backups
  const proven = backups.find(({ proof }) => proof?.proven)
  return {
    key,
    ids: backups.map(({ id }) => id),
    sizeBytes: backups.reduce((sum, one) => sum + one.sizeBytes, 0),
    ...(newest && { newest }),
    ...(proven && { provenAt: proven.createdAt }),
  }
}
