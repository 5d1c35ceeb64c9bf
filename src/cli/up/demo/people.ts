import { createHash } from 'node:crypto'

export const SUFFIX = 'dc=ruche,dc=localhost'
export const BIND_DN = `cn=ruche,ou=services,${SUFFIX}`
export const GROUPS = {
  creators: `cn=creators,ou=groups,${SUFFIX}`,
  administrators: `cn=administrators,ou=groups,${SUFFIX}`,
} as const

export interface SamplePerson {
  login: string
  password: string
  firstName: string
  lastName: string
  role: 'student' | 'teacher' | 'administrator' | 'guest'
  groups: (keyof typeof GROUPS)[]
}

/** A small school. The passwords are no secret: the demonstration answers on this machine's loopback only. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  person('alice', 'Alice', 'Martin', 'student', ['creators']),
  person('bob', 'Bob', 'Wilson', 'student', ['creators']),
  person('claire', 'Claire', 'Dubois', 'teacher', ['creators']),
  person('admin', 'Dominique', 'Laurent', 'administrator', ['administrators']),
  person('guest', 'Gabriel', 'Moreau', 'guest', []),
]

function person(
  login: string,
  firstName: string,
  lastName: string,
  role: SamplePerson['role'],
  groups: SamplePerson['groups'],
): SamplePerson {
  return { login, password: `${login}-ruche`, firstName, lastName, role, groups }
}

const dnOf = (login: string) => `uid=${login},ou=people,${SUFFIX}`

/** The directory's whole content as LDIF (RFC 2849). `memberOf` is written out: slapadd does not ask the overlay that keeps it later. Pure. */
export function renderPeople(people: readonly SamplePerson[], bindPassword: string, salt: Buffer): string {
  const entries = [
    entry(SUFFIX, ['objectClass: dcObject', 'objectClass: organization', 'dc: ruche', 'o: Ruche demonstration']),
    ...['people', 'groups', 'services'].map((name) =>
      entry(`ou=${name},${SUFFIX}`, ['objectClass: organizationalUnit', `ou: ${name}`]),
    ),
    entry(BIND_DN, [
      'objectClass: organizationalRole',
      'objectClass: simpleSecurityObject',
      'cn: ruche',
      `userPassword: ${hashPassword(bindPassword, salt)}`,
    ]),
    ...people.map((one) => renderPerson(one, salt)),
    ...Object.entries(GROUPS).map(([name, dn]) => {
      const members = people.filter(({ groups }) => groups.some((group) => group === name))
      return entry(dn, [
        'objectClass: groupOfNames',
        `cn: ${name}`,
        ...members.map(({ login }) => `member: ${dnOf(login)}`),
      ])
    }),
  ]
  return `${entries.join('\n')}`
}

function renderPerson({ login, password, firstName, lastName, groups }: SamplePerson, salt: Buffer): string {
  return entry(dnOf(login), [
    'objectClass: inetOrgPerson',
    `uid: ${login}`,
    `cn: ${firstName} ${lastName}`,
    `givenName: ${firstName}`,
    `sn: ${lastName}`,
    `mail: ${login}@ruche.localhost`,
    `userPassword: ${hashPassword(password, salt)}`,
    ...groups.map((group) => `memberOf: ${GROUPS[group]}`),
  ])
}

const entry = (dn: string, lines: string[]) => `${[`dn: ${dn}`, ...lines].join('\n')}\n`

/** `{SSHA}` as slapd.conf(5) describes it. */
export function hashPassword(password: string, salt: Buffer): string {
  const digest = createHash('sha1').update(password).update(salt).digest()
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`
}
