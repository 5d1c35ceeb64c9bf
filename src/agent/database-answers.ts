import type { DatabaseCallName } from '../model/database-calls.js'
import { askForRows, exportDatabase, importDatabase, lookAtDatabase, runSql } from './containers/database.js'
import type { Hive } from './containers/hive.js'
import type { Answers } from './door-connection.js'

const nothing = (): Record<string, never> => ({})

/** Which function answers which call about databases. */
export function makeDatabaseAnswers(hive: Hive): Pick<Answers, DatabaseCallName> {
  return {
    'database.look': ({ id }) => lookAtDatabase(hive, id),
    'database.rows': ({ id, ...page }) => askForRows(hive, id, page),
    'database.run': ({ id, sql }) => runSql(hive, id, sql),
    'database.export': (params, caller) => exportDatabase(hive, params, caller).then(nothing),
    'database.import': (params, caller) => importDatabase(hive, params, caller).then(nothing),
  }
}
