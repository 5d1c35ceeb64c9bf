import type { Configuration } from '../../model/configuration.js'
import { type Check, judge, sign } from '../../model/doctor.js'
import type { Directory } from '../access/directory.js'

/** Whether people could sign in now. That passwords cross protected connections only, the connection itself sees to: else it does not come about. */
export async function examineDirectory(
  directory: Directory | undefined,
  configuration: Configuration,
): Promise<Check[]> {
  if (directory === undefined) return [judge('directory.reachable', [sign('directory', '–')], 'warning')]
  const url = configuration.directory?.url ?? 'directory'
  const isReachable = await directory.isReachable()
  return [judge('directory.reachable', isReachable ? [] : [sign(url, '–')])]
}
