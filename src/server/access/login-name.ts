import { Login } from '../../model/names.js'

/** Words that stand for something other than a person wherever a login is written. */
const NOT_PEOPLE = new Set(['root', 'system', 'site-password'])

/** One spelling of a sign-in name: directories do not tell case or composed letters apart. Undefined when it cannot be one. */
export function normaliseLogin(text: string): string | undefined {
  const login = text.trim().normalize('NFKC').toLowerCase()
  return Login.safeParse(login).success && !NOT_PEOPLE.has(login) ? login : undefined
}
