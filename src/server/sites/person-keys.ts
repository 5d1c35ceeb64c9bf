import { createHash } from 'node:crypto'
import { AppError, type FieldError } from '../../model/errors.js'
import { MOST_KEYS } from '../../model/profile.js'
import { newId } from '../new-id.js'
import { deleteKey, insertKey, type KeyRecord, listKeys } from '../register/keys.js'
import type { Queries } from '../register/register.js'
import { insiders, listSitesWith } from '../register/sites.js'
import { parseKey } from './authorized-keys.js'
import type { SitesContext } from './context.js'
import { applyAccess, markAccess } from './ssh-access.js'

/** One more key of a person; returns when it opens all sites that they may change. */
export async function addPersonKey(context: SitesContext, login: string, text: string): Promise<KeyRecord> {
  const parsed = parseKey(text)
  if ('problem' in parsed) throw unusable(parsed.problem)
  const { line, blob } = parsed
  const key = { id: newId(), login, line, fingerprint: fingerprintOf(blob), added_at: context.now().toISOString() }
  await changeKeys(context, login, async (queries) => {
    if ((await listKeys(queries, login)).length >= MOST_KEYS)
      throw new AppError('limit_reached', `You have ${MOST_KEYS} keys already; remove one first.`)
    await insertKey(queries, key)
  })
  return key
}

/** Takes a key from its person; returns when it opens none of their sites any more and what was open with it has ended. */
export function removePersonKey(context: SitesContext, login: string, id: string): Promise<void> {
  return changeKeys(context, login, async (queries) => {
    if (!(await deleteKey(queries, login, id))) throw new AppError('not_found', 'There is no such key.')
  })
}

async function changeKeys(
  context: SitesContext,
  login: string,
  write: (queries: Queries) => Promise<void>,
): Promise<void> {
  const names = await context.register.change(async (queries) => {
    await write(queries)
    const opened = await listOpenedBy(queries, login)
    await markAccess(queries, opened)
    return opened
  })
  await applyAccess(context, names, login)
}

/** Names of the sites that a person's keys open. */
export async function listOpenedBy(queries: Queries, login: string): Promise<string[]> {
  const sites = await listSitesWith(queries, login)
  return sites.filter((site) => insiders(site.owner, site.collaborators).includes(login)).map((site) => site.name)
}

/** What sshd(8) calls a key: the SHA-256 of its bytes. */
export function fingerprintOf(blob: string): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

function unusable(message: string): AppError {
  const fields: FieldError[] = [{ path: 'key', message }]
  return new AppError('invalid', `A key cannot be used: ${message}.`, { fields })
}
