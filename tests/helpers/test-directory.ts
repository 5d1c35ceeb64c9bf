import { chmod, chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OuterNetwork } from './outer-network.js'
import { endProcess, start, succeed, until } from './programs.js'

const BASE = 'dc=example,dc=test'

/** People of the test directory: login → password. alice, bob, claire may create; admin administers; guest may neither. */
export const PEOPLE = {
  alice: 'alice-pass',
  bob: 'bob-pass',
  claire: 'claire-pass',
  admin: 'admin-pass',
  guest: 'guest-pass',
} as const
export type PersonName = keyof typeof PEOPLE

export interface TestDirectory {
  url: string
  baseDn: string
  /** Applies an LDIF of changes (ldapmodify) as the directory's own administrator. */
  modify(ldif: string): Promise<void>
  close(): Promise<void>
}

/** A real slapd on the machine's loopback, with people and groups. */
export async function openTestDirectory(network: OuterNetwork, folder: string): Promise<TestDirectory> {
  await mkdir(join(folder, 'data'), { recursive: true })
  const file = join(folder, 'slapd.conf')
  await writeFile(file, renderSlapd(folder))
  await writeFile(join(folder, 'people.ldif'), renderPeople())
  await succeed('slapadd', ['-f', file, '-l', join(folder, 'people.ldif')])
  await chmod(folder, 0o700)
  await chown(folder, 0, 0)
  const url = 'ldap://127.0.0.1:10389'
  const [program, args] = network.inside(network.vm, ['slapd', '-f', file, '-h', `${url}/`, '-d', '0'])
  const { child, output } = start(program, args)
  await until('slapd answers', async () => {
    if (child.exitCode !== null) throw new Error(`slapd ended: ${output()}`)
    return (await network.run(network.vm, ['ldapwhoami', '-x', '-H', url])).code === 0
  })
  return {
    url,
    baseDn: BASE,
    modify: async (ldif) => {
      const { code, stderr } = await network.run(
        network.vm,
        ['ldapmodify', '-x', '-H', url, '-D', `cn=root,${BASE}`, '-w', 'root'],
        { input: ldif },
      )
      if (code !== 0) throw new Error(stderr)
    },
    close: () => endProcess(child, 'SIGTERM', 5_000),
  }
}

function renderSlapd(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/pid
database mdb
suffix "${BASE}"
rootdn "cn=root,${BASE}"
rootpw root
directory ${folder}/data
maxsize 16777216
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by * read
`
}

function renderPeople(): string {
  const entries = [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
    `dn: ou=people,${BASE}\nobjectClass: organizationalUnit\nou: people`,
    `dn: ou=groups,${BASE}\nobjectClass: organizationalUnit\nou: groups`,
    ...Object.entries(PEOPLE).map(
      ([login, password]) =>
        `dn: uid=${login},ou=people,${BASE}\nobjectClass: inetOrgPerson\nuid: ${login}\ncn: ${login[0]?.toUpperCase()}${login.slice(1)} Example\nsn: Example\nmail: ${login}@example.test\nuserPassword: ${password}`,
    ),
    group('administrators', ['admin']),
    group('creators', ['alice', 'bob', 'claire']),
  ]
  return `${entries.join('\n\n')}\n`
}

function group(name: string, members: string[]): string {
  const lines = members.map((login) => `member: uid=${login},ou=people,${BASE}`)
  return `dn: cn=${name},ou=groups,${BASE}\nobjectClass: groupOfNames\ncn: ${name}\n${lines.join('\n')}`
}
