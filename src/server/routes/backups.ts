import { PassThrough } from 'node:stream'
import type { backupsApi } from '../../model/api/backups.js'
import { ARCHIVE_TYPE } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { MACHINE_ROOT } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { readBackupPlan, writeBackupPlan } from '../register/backup-plans.js'
import { markLeaving } from '../register/off-site-copies.js'
import type { SiteRecord } from '../register/sites.js'
import { listAllBackups } from '../sites/all-backups.js'
import { createSite } from '../sites/create-site.js'
import { handOver } from '../sites/hand-over.js'
import { mergeLimits } from '../sites/merge-limits.js'
import { presentCopies } from '../sites/off-site-copies.js'
import type { Origin } from '../sites/origin.js'
import { planNextBackup } from '../sites/plan-retention.js'
import { restoreArchive } from '../sites/restore-archive.js'
import { backUpSite, getBackup, proveBackup, restoreBackup } from '../sites/site-backups.js'
import { getTrashed, listTrashed, presentTrashed, purgeTrashed, recoverSite } from '../sites/trashed-sites.js'
import { decideOwner } from './decide-owner.js'
import type { Call, RouteTable } from './route-table.js'
import { started } from './started.js'

type Copy = Parameters<RouteTable['cloneSite']>[0]['body']

export function backupRoutes(dependencies: Dependencies): Pick<RouteTable, keyof typeof backupsApi> {
  const { engine, register } = dependencies
  const makeCopy = async (
    body: Copy,
    { who, site }: Pick<Parameters<RouteTable['cloneSite']>[1], 'who' | 'site'>,
    origin: Origin,
  ) => {
    const owner = await decideOwner(dependencies, who, body.owner)
    const limits = mergeLimits(site.limits, body.limits)
    const { stack, packages } = site
    const copy = { name: body.name, owner, stack, packages, limits, domains: [], start: body.start ?? true, origin }
    return started(createSite(dependencies, copy, who.login).then(({ operation }) => operation))
  }
  return {
    listBackups: (_, { site }) => listWithCopies(dependencies, site),
    listAllBackups: () => listAllBackups(dependencies),
    backUpSite: (_, { who, site }) => started(backUpSite(dependencies, site.name, who.login)),
    async setBackupPlan({ body }, { site }) {
      await register.change((queries) => writeBackupPlan(queries, site.uuid, body))
      return {}
    },
    async proveBackup({ params }, { who, site }) {
      await getBackup(dependencies, site, params.id)
      return started(proveBackup(dependencies, site.name, params.id, who.login))
    },
    async removeBackup({ params }, { who, site }) {
      await getBackup(dependencies, site, params.id)
      await markLeaving(register.db, site.uuid, params.id)
      await engine.backups(site.uuid).remove(params.id, { actor: who.login })
      return {}
    },
    restoreBackup: ({ params, body }, { who, site }) =>
      started(restoreBackup(dependencies, site.name, params.id, body, who.login)),
    async restoreAsSite({ params, body }, call) {
      await getBackup(dependencies, call.site, params.id)
      const { uuid, environment } = call.site
      return makeCopy(body, call, { kind: 'backup', uuid, backup: params.id, environment })
    },
    backupFiles: ({ params }, { who, site }) =>
      engine.backups(site.uuid).files(site.name, params.id, { actor: who.login }),
    downloadBackup: ({ params }, call) => download(dependencies, params.id, call),
    async restoreArchive({ query }, { who, request }) {
      const owner = await decideOwner(dependencies, who, query.owner)
      const archive = request.body
      if (!isArchive(archive)) throw new AppError('invalid', 'The archive is missing.')
      return started(restoreArchive(dependencies, { name: query.name, owner }, archive, who.login))
    },
    cloneSite: ({ body }, call) => {
      const { name, uuid, environment } = call.site
      return makeCopy(body, call, { kind: 'site', name, uuid, environment })
    },
    async handOver({ body }, { who, site }) {
      const owner = await decideHeir(dependencies, body.owner)
      return started(handOver(dependencies, site.name, owner, who.login))
    },
    async listTrash({ query }, { who }) {
      const all = query.all === 'true'
      if (all && !who.administrator) throw new AppError('forbidden', 'Only administrators see every deleted site.')
      return { sites: (await listTrashed(dependencies, all ? undefined : who.login)).map(presentTrashed) }
    },
    async recoverSite({ params, body }, { who }) {
      const row = await getTrashed(dependencies, who, params.id)
      return started(recoverSite(dependencies, row, body.name ?? row.name, who.login))
    },
    async purgeSite({ params }, { who }) {
      const { uuid } = await getTrashed(dependencies, who, params.id)
      await purgeTrashed(dependencies, uuid, who.login)
      return {}
    },
  }
}

/** A site's backups, and where else they are. */
async function listWithCopies(dependencies: Dependencies, { uuid, created_at }: SiteRecord) {
  const [backups, plan, copies] = await Promise.all([
    dependencies.engine.backups(uuid).list(),
    readBackupPlan(dependencies.register.db, uuid),
    presentCopies(dependencies, uuid),
  ])
  const { offSite } = copies
  const elsewhere = copies.elsewhere.filter(({ id }) => !backups.some((one) => one.id === id))
  const nextAt = plan.daily ? planNextBackup(backups, created_at).toISOString() : undefined
  return { backups, plan, elsewhere, ...(nextAt !== undefined && { nextAt }), ...(offSite && { offSite }) }
}

/** A body that was not read yet. */
function isArchive(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** Anybody whom the directory knows may be given a site; whether they may have it, their quota says. */
function decideHeir(dependencies: Dependencies, wanted: string): Promise<string> {
  return decideOwner(dependencies, { ...MACHINE_ROOT, login: '' }, wanted)
}

/** The archive as it lies there, at the pace of whoever takes it. */
async function download(
  dependencies: Dependencies,
  id: string,
  { site, who, reply }: Call & { site: SiteRecord; who: { login: string } },
): Promise<unknown> {
  const backup = await getBackup(dependencies, site, id)
  const stream = new PassThrough()
  dependencies.engine
    .backups(site.uuid)
    .read(id, (chunk) => new Promise((resolve) => stream.write(chunk, () => resolve())), { actor: who.login })
    .then(
      () => stream.end(),
      (error: Error) => stream.destroy(error),
    )
  reply
    .type(ARCHIVE_TYPE)
    .header('content-length', backup.sizeBytes)
    .header('content-disposition', `attachment; filename="${site.name}-${backup.createdAt.slice(0, 10)}-${id}.tar"`)
  return stream
}
