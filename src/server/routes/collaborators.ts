import type { Collaborator } from '../../model/collaborator.js'
import { AppError } from '../../model/errors.js'
import { rightsOn } from '../access/allowed.js'
import { normaliseLogin } from '../access/login-name.js'
import type { Dependencies } from '../dependencies.js'
import { type CollaboratorRecord, listCollaborators } from '../register/collaborators.js'
import { readPerson } from '../register/people.js'
import { shareSite, unshareSite } from '../sites/share-site.js'
import { knowPerson } from './know-person.js'
import type { RouteTable } from './route-table.js'

type Names = 'listCollaborators' | 'setCollaborator' | 'removeCollaborator'

export function collaboratorRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { register } = dependencies
  return {
    async listCollaborators(_, { site }) {
      const { login, name } = await readPerson(register.db, site.owner)
      const rows = await listCollaborators(register.db, site.name)
      return { owner: { login, name }, collaborators: rows.map(presentCollaborator) }
    },
    async setCollaborator({ params, body }, { who, site }) {
      const login = await knowPerson(dependencies, params.login)
      return presentCollaborator(await shareSite(dependencies, site.name, { login, right: body.right }, who.login))
    },
    async removeCollaborator({ params }, { who, site }) {
      const login = normaliseLogin(params.login) ?? params.login
      if (login !== who.login && !rightsOn(who, site).includes('share'))
        throw new AppError('forbidden', 'Only who shares the site may remove somebody else.')
      await unshareSite(dependencies, site.name, login, who.login)
      return {}
    },
  }
}

function presentCollaborator({ login, name, right, added_by, added_at }: CollaboratorRecord): Collaborator {
  return { login, name, right, addedBy: added_by, addedAt: added_at }
}
