import { Readable } from 'node:stream'
import type { AppError } from '../../src/model/errors.js'
import type { OffSiteCopy } from '../../src/model/off-site.js'
import type { CopiedBackup, OffSite } from '../../src/server/off-site/repository.js'

/** A repository elsewhere, in memory. */
export class FakeOffSite implements OffSite {
  readonly kept = new Map<string, { copy: OffSiteCopy; archive: Buffer }>()
  checks = 0
  /** Why nothing can be copied. */
  fault: AppError | undefined

  async copy({ id, key, site, createdAt, proven }: CopiedBackup, archive: AsyncIterable<Uint8Array>): Promise<string> {
    if (this.fault) throw this.fault
    const chunks: Uint8Array[] = []
    for await (const chunk of archive) chunks.push(chunk)
    const snapshot = Buffer.from(`${key}${id}`).toString('hex').slice(-64)
    this.kept.set(snapshot, { copy: { id, key, site, createdAt, proven, snapshot }, archive: Buffer.concat(chunks) })
    return snapshot
  }

  async list(): Promise<OffSiteCopy[]> {
    return [...this.kept.values()].map(({ copy }) => copy)
  }

  async read(snapshot: string, take: (archive: Readable) => Promise<void>): Promise<void> {
    await take(Readable.from([this.kept.get(snapshot)?.archive ?? Buffer.alloc(0)]))
  }

  async forget(snapshots: readonly string[]): Promise<void> {
    if (this.fault) throw this.fault
    for (const snapshot of snapshots) this.kept.delete(snapshot)
  }

  async check(): Promise<void> {
    this.checks += 1
    if (this.fault) throw this.fault
  }
}
