import { AppError } from '../../src/model/errors.js'
import type { Directory, DirectoryPerson } from '../../src/server/access/directory.js'

interface Account extends DirectoryPerson {
  password: string
}

/** A directory in memory: people come, change, go, and it can be away. */
export class FakeDirectory implements Directory {
  readonly accounts = new Map<string, Account>()
  isAway = false
  /** How often it was asked. */
  questions = 0

  add(login: string, password: string, roles: Partial<DirectoryPerson> = {}): void {
    const name = `${login[0]?.toUpperCase()}${login.slice(1)} Example`
    this.accounts.set(login, {
      login,
      password,
      name,
      administrator: false,
      creator: false,
      directoryId: `id-${login}`,
      ...roles,
    })
  }

  async signIn(login: string, password: string): Promise<DirectoryPerson> {
    const person = await this.find(login)
    if (!person || this.accounts.get(person.login)?.password !== password)
      throw new AppError('unauthenticated', 'The name or the password is wrong.')
    return person
  }

  async find(login: string): Promise<DirectoryPerson | undefined> {
    this.questions++
    if (this.isAway) throw new AppError('unavailable', 'The directory does not answer.')
    const account = this.accounts.get(login)
    if (!account) return undefined
    const { password: _, ...person } = account
    return person
  }

  /** Name → logins. */
  readonly groups = new Map<string, string[]>()

  async findGroup(nameOrDn: string): Promise<string | undefined> {
    const name = /^cn=([^,]+),ou=groups$/.exec(nameOrDn)?.[1] ?? nameOrDn
    return this.groups.has(name) ? `cn=${name},ou=groups` : undefined
  }

  async isMember(login: string, groups: readonly string[]): Promise<boolean> {
    this.questions++
    if (this.isAway) throw new AppError('unavailable', 'The directory does not answer.')
    return groups.some((dn) => this.groups.get(/^cn=([^,]+)/.exec(dn)?.[1] ?? '')?.includes(login))
  }

  async listLetIn(logins: readonly string[]): Promise<Map<string, string | null>> {
    const people = await Promise.all(logins.map((login) => this.find(login)))
    return new Map(people.flatMap((person) => (person ? [[person.login, person.directoryId] as const] : [])))
  }

  async isReachable(): Promise<boolean> {
    return !this.isAway
  }
}

/** The people of the tests and of the development server: alice, bob, claire may create; admin administers; guest may neither. */
export const FAKE_PEOPLE = [
  { login: 'alice', password: 'alice-pass', role: 'student' },
  { login: 'bob', password: 'bob-pass', role: 'student' },
  { login: 'claire', password: 'claire-pass', role: 'teacher' },
  { login: 'admin', password: 'admin-pass', role: 'administrator' },
  { login: 'guest', password: 'guest-pass', role: 'guest' },
]

export function openFakeDirectory(): FakeDirectory {
  const directory = new FakeDirectory()
  for (const { login, password, role } of FAKE_PEOPLE)
    directory.add(login, password, {
      administrator: role === 'administrator',
      creator: role !== 'guest' && role !== 'administrator',
    })
  return directory
}
