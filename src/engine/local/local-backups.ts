import type { SiteBackups } from '../engine.js'
import type { Ask } from './ask.js'

/** The backups of one site through the agent. */
export function localBackups(ask: Ask, key: string): SiteBackups {
  const nothing = (): void => undefined
  return {
    list: async () => (await ask('backup.list', { key }, { actor: 'system' })).backups,
    create: (id, backup, context) => ask('backup.create', { id, key, backup }, context),
    prove: (id, backup, context) => ask('backup.prove', { id, key, backup }, context),
    remove: (backup, context) => ask('backup.remove', { key, backup }, context).then(nothing),
    restore: (id, backup, context) => ask('backup.restore', { id, key, backup }, context),
    restoreAs: (spec, backup, context) => ask('backup.restoreAs', { key, backup, spec }, context),
    restoreFile: (id, backup, path, context) =>
      ask('backup.restoreFile', { id, key, backup, path }, context).then(nothing),
    restoreTable: (id, backup, table, context) =>
      ask('backup.restoreTable', { id, key, backup, table }, context).then(nothing),
    files: (id, backup, context) => ask('backup.files', { id, key, backup }, context),
    read: (backup, take, context) => ask('backup.read', { key, backup }, { ...context, onStdout: take }).then(nothing),
    put: (backup, archive, context) => ask('backup.put', { key, backup }, { ...context, stdin: archive }),
  }
}
