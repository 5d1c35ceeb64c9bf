import type { BackupCallName } from '../model/backup-calls.js'
import { createBackup } from './backups/create-backup.js'
import { proveBackup } from './backups/prove.js'
import { restoreAs, restoreInPlace } from './backups/restore.js'
import { listBackupFiles, restoreFile, restoreTable } from './backups/restore-part.js'
import { listBackups, removeBackup } from './backups/store.js'
import { surveyBackups } from './backups/survey.js'
import { readBackup, takeBackup } from './backups/transfer.js'
import type { Hive } from './containers/hive.js'
import type { Answers } from './door-connection.js'

const nothing = (): Record<string, never> => ({})

/** Which file answers which call about backups. */
export function makeBackupAnswers(hive: Hive): Pick<Answers, BackupCallName> {
  const { stateFolder } = hive.settings
  return {
    'backup.create': (params, caller) => createBackup(hive, params, caller),
    'backup.list': async ({ key }) => ({ backups: await listBackups(stateFolder, key, hive.log) }),
    'backup.survey': async () => ({ sites: await surveyBackups(stateFolder, hive.log) }),
    'backup.prove': (params, caller) => proveBackup(hive, params, caller),
    'backup.remove': (ref) => removeBackup(stateFolder, ref).then(nothing),
    'backup.restore': (params, caller) => restoreInPlace(hive, params, caller),
    'backup.restoreAs': (params, caller) => restoreAs(hive, params, caller),
    'backup.restoreFile': (params) => restoreFile(hive, params).then(nothing),
    'backup.restoreTable': (params, caller) => restoreTable(hive, params, caller).then(nothing),
    'backup.files': (params) => listBackupFiles(hive, params),
    'backup.read': (ref, caller) => readBackup(hive, ref, caller),
    'backup.put': (ref, caller) => takeBackup(hive, ref, caller),
  }
}
