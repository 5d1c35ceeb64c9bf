import { AppError } from '../../model/errors.js'
import { normaliseLogin } from '../access/login-name.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { hasPerson, mayCreate, readPerson } from '../register/people.js'
import { ROOT } from '../sites/quota.js'

/** Whose a new site will be: the person's own when they may create, anybody's whom an administrator names. */
export async function decideOwner(
  { register, directory }: Pick<Dependencies, 'register' | 'directory'>,
  who: Requester,
  wanted: string | undefined,
): Promise<string> {
  const login = wanted === ROOT && who.root ? ROOT : wanted === undefined ? who.login : normaliseLogin(wanted)
  if (login === who.login) {
    if (who.root || mayCreate(await readPerson(register.db, login))) return login
    throw new AppError('forbidden', 'You may not create sites.', { hint: 'Ask an administrator to allow it.' })
  }
  if (!who.administrator)
    throw new AppError('forbidden', 'Only administrators may create a site for somebody else.', {
      fields: [{ path: 'owner', message: 'must be you' }],
    })
  if (login === undefined) throw unknown(wanted ?? '')
  if (!directory || (await hasPerson(register.db, login))) return login
  const person = await directory.find(login)
  if (!person) throw unknown(login)
  return person.login
}

function unknown(login: string): AppError {
  const message = `the directory knows nobody called ${login}`
  return new AppError('invalid', `owner: ${message}`, { fields: [{ path: 'owner', message }] })
}
