import { AppError } from '../../model/errors.js'
import { normaliseLogin } from '../access/login-name.js'
import type { Dependencies } from '../dependencies.js'
import { savePerson } from '../register/people.js'

/** The canonical login of somebody of the directory, whose name is then known; AppError `invalid` for anybody else. */
export async function knowPerson(
  { register, directory }: Pick<Dependencies, 'register' | 'directory'>,
  text: string,
): Promise<string> {
  const login = normaliseLogin(text)
  if (login === undefined) throw unknown(text)
  if (!directory) return login
  const person = await directory.find(login)
  if (!person) throw unknown(login)
  await savePerson(register.db, person.login, { name: person.name })
  return person.login
}

function unknown(login: string): AppError {
  const message = `the directory knows nobody called ${login}`
  return new AppError('invalid', `login: ${message}`, { fields: [{ path: 'login', message }] })
}
