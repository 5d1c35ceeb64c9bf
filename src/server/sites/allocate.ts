import { AppError } from '../../model/errors.js'
import type { Queries } from '../register/register.js'
import type { Naming } from './naming.js'

/** A free address number and SFTP port, to be written in the same transaction; AppError `limit_reached` when none is left. */
export async function allocate(queries: Queries, naming: Naming): Promise<{ address: number; sftpPort: number }> {
  const rows = await queries.selectFrom('sites').select(['address', 'sftp_port']).execute()
  return planPlace(
    naming,
    rows.map((row) => row.address),
    rows.map((row) => row.sftp_port),
  )
}

/** The lowest free address, and the port that goes with it (first port + address) or the lowest free one. */
export function planPlace(
  { addresses, sftpPorts }: Pick<Naming, 'addresses' | 'sftpPorts'>,
  takenAddresses: number[],
  takenPorts: number[],
): { address: number; sftpPort: number } {
  const address = lowestFree(addresses, new Set(takenAddresses))
  const ports = new Set(takenPorts)
  const usual = sftpPorts.first + (address ?? 0)
  const sftpPort = usual <= sftpPorts.last && !ports.has(usual) ? usual : lowestFree(sftpPorts, ports)
  if (address !== undefined && sftpPort !== undefined) return { address, sftpPort }
  throw new AppError(
    'limit_reached',
    `No ${address === undefined ? 'address' : 'SFTP port'} is left for another site.`,
    {
      hint: 'Delete a site, or give the platform a larger range.',
    },
  )
}

function lowestFree(range: { first: number; last: number }, taken: Set<number>): number | undefined {
  for (let n = range.first; n <= range.last; n++) if (!taken.has(n)) return n
  return undefined
}
