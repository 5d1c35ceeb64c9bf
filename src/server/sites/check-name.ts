import { AppError } from '../../model/errors.js'
import { SiteName } from '../../model/names.js'
import type { Queries } from '../register/register.js'
import type { SitesContext } from './context.js'
import { findReleaseProblem } from './released-names.js'

type NameContext = Pick<SitesContext, 'naming' | 'observed' | 'now'>

/** Why a site of `owner` cannot have this name now, or undefined when it can. Without an owner it does not matter whose it was before. */
export async function findNameProblem(
  { naming, observed, now }: NameContext,
  queries: Queries,
  name: string,
  owner?: string,
): Promise<string | undefined> {
  const result = SiteName.safeParse(name)
  if (!result.success) return result.error.issues[0]?.message ?? 'not a name'
  if (naming.platformName(name) === naming.panel) return 'this name is reserved'
  const row = await queries.selectFrom('sites').select('name').where('name', '=', name).executeTakeFirst()
  // A container that the register does not know is somebody's data: it is never taken over.
  if (row || observed.find(name)) return 'this name is taken'
  return owner === undefined
    ? undefined
    : findReleaseProblem(queries, naming.platformName(name), owner, now().toISOString())
}

/** AppError `conflict` or `invalid` when a site cannot have this name. */
export async function checkName(context: NameContext, queries: Queries, name: string, owner?: string): Promise<void> {
  const problem = await findNameProblem(context, queries, name, owner)
  if (problem === undefined) return
  throw new AppError(/taken|free from/.test(problem) ? 'conflict' : 'invalid', `${name}: ${problem}.`, {
    fields: [{ path: 'name', message: problem }],
  })
}

/** A free name made from a login: `marie`, else `marie-2`… */
export async function proposeName(context: NameContext, queries: Queries, login: string): Promise<string> {
  const plain = login
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '')
  const base = plain.length >= 2 && SiteName.safeParse(plain).success ? plain : `${plain}-site`.replace(/^-/, '')
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if ((await findNameProblem(context, queries, name, login)) === undefined) return name
  }
}
