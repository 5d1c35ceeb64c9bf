import { AppError } from '../../model/errors.js'
import type { LaunchedProgram } from '../host/launcher.js'
import { readDatabaseProgram } from '../rootfs/database-program.js'
import { AS_SITE } from './exec.js'
import { getContainer, type Hive } from './hive.js'
import { enter, SITE_HOME, SITE_UID, withProgramInside } from './inside.js'
import { wake } from './wake.js'

const PERL = '/usr/bin/perl'
/** Its database is a file: no server of it needs to run. */
const WITHOUT_SERVER = 'sqlite'

/**
 * Runs the client of the site's database inside, as the site's user, and gives it to `use`. It is handed over like the program for backups, so that sites of
 * every age have it. The password comes from the site's environment, which only its root may read. AppError `not_found` when the site has no database.
 */
export async function withDatabaseClient<T>(
  hive: Hive,
  id: string,
  args: readonly string[],
  use: (program: LaunchedProgram) => Promise<T>,
): Promise<T> {
  const container = getContainer(hive, id)
  const { database } = container.record.spec.stack
  const client = await readDatabaseProgram(hive.settings.recipesFolder, database, 'client')
  if (client === undefined) throw new AppError('not_found', `${id} has no database.`)
  const argv = [PERL, '-e', client, '--', ...args]
  if (database === WITHOUT_SERVER) return withProgramInside(hive, id, { uid: SITE_UID, cwd: SITE_HOME, argv }, use)
  if (container.record.asleep) await wake(hive, container)
  return use(enter(hive, container, { uid: 0, cwd: SITE_HOME, argv: [...AS_SITE, ...argv] }))
}
