import type { Configuration } from '../../model/configuration.js'
import { type Check, judge, type Sign, sign } from '../../model/doctor.js'
import type { OffSiteCheck } from '../../model/off-site.js'
import { type CopyRow, findLastCheck, listCopyRows } from '../register/off-site-copies.js'
import type { Register } from '../register/register.js'

/** A backup is copied as soon as it was tried out, and again and again when that fails. */
const LATE_MS = 24 * 3_600_000

/** Whether copies of backups arrive in the repository elsewhere, and can be read back. */
export async function examineCopies(register: Register, configuration: Configuration, now: Date): Promise<Check[]> {
  if (configuration.backup.repository === '') return [judge('files.copies', [])]
  return [judgeCopies(await listCopyRows(register.db), await findLastCheck(register.db), now)]
}

/** Pure. */
export function judgeCopies(rows: readonly CopyRow[], check: OffSiteCheck | undefined, now: Date): Check {
  const late = rows.filter(
    ({ copied_at, leaving, created_at }) =>
      copied_at === null && leaving === 0 && now.getTime() - Date.parse(created_at) > LATE_MS,
  )
  const signs: Sign[] = [
    ...(check?.reason === undefined ? [] : [sign(check.at, check.reason)]),
    ...late.map(({ site_uuid, backup, reason }) => sign(`${site_uuid}: ${backup}`, reason ?? '–')),
  ]
  return judge('files.copies', signs, 'warning')
}
