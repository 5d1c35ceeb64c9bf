import { AppError } from '../../model/errors.js'
import type { PersonKey } from '../../model/profile.js'
import { rightsOn } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { type KeyRecord, listKeys } from '../register/keys.js'
import { findSite } from '../register/sites.js'
import { addPersonKey, removePersonKey } from '../sites/person-keys.js'
import type { RouteTable } from './route-table.js'

type Names =
  | 'listKeys'
  | 'addKey'
  | 'removeKey'
  | 'listTokens'
  | 'createToken'
  | 'removeToken'
  | 'listSessions'
  | 'endSession'
  | 'endOtherSessions'

export function profileRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { register, tokens, sessions } = dependencies
  return {
    listKeys: async (_, { who }) => ({ keys: (await listKeys(register.db, who.login)).map(presentKey) }),
    addKey: async ({ body }, { who }) => presentKey(await addPersonKey(dependencies, who.login, body.key)),
    async removeKey({ params }, { who }) {
      await removePersonKey(dependencies, who.login, params.id)
      return {}
    },
    listTokens: async (_, { who }) => ({ tokens: await tokens.list(who.login) }),
    async createToken({ body }, { who }) {
      if (who.root) throw new AppError('forbidden', 'Root needs no token; a person makes one in their profile.')
      await checkTokenSite(dependencies, who, body.site)
      return tokens.create(who.login, body)
    },
    async removeToken({ params }, { who }) {
      await tokens.remove(who.login, params.id)
      return {}
    },
    listSessions: async (_, { who }) => ({ sessions: await sessions.list(who.login, who.session) }),
    async endSession({ params }, { who }) {
      await sessions.endOf(who.login, (id) => id === params.session)
      return {}
    },
    async endOtherSessions(_, { who }) {
      await sessions.endOf(who.login, (id) => id !== who.session)
      return {}
    },
  }
}

async function checkTokenSite({ register }: Dependencies, who: Requester, name: string | undefined): Promise<void> {
  if (name === undefined) return
  const site = await findSite(register.db, name)
  if (site && rightsOn(who, site).length > 0) return
  const message = 'you have no site of this name'
  throw new AppError('invalid', `site: ${message}`, { fields: [{ path: 'site', message }] })
}

function presentKey({ id, line, fingerprint, added_at }: KeyRecord): PersonKey {
  const [type = '', , ...comment] = line.split(' ')
  return { id, type, comment: comment.join(' '), fingerprint, addedAt: added_at }
}
