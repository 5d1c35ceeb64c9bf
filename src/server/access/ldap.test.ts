import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, openSlapd, type Slapd } from '../../../tests/helpers/slapd.js'
import { openLdap } from './ldap.js'
import type { DirectorySettings } from './ldap-connection.js'

const BASE = 'dc=example,dc=test'
const PEOPLE = `ou=people,${BASE}`
const GROUPS = `ou=groups,${BASE}`

const unit = (dn: string, name: string) => `dn: ou=${name},${dn}\nobjectClass: organizationalUnit\nou: ${name}`
const person = (uid: string, more = '', within = PEOPLE) =>
  `dn: cn=${uid.replace(/[\\,()*]/g, '')},${within}\nobjectClass: inetOrgPerson\nobjectClass: shadowAccount\nuid: ${uid}\ncn: ${uid.replace(/[\\,()*]/g, '')}\nsn: Example\nuserPassword: ${uid}-p@ss(*)${more}`
const group = (name: string, type: string, ...members: string[]) =>
  `dn: cn=${name},${GROUPS}\nobjectClass: ${type}\ncn: ${name}\n${members.join('\n')}`
const member = (uid: string) => `member: cn=${uid},${PEOPLE}`

const ENTRIES = [
  `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  unit(BASE, 'people'),
  unit(BASE, 'groups'),
  unit(BASE, 'hidden'),
  unit(BASE, 'twins'),
  person('alice'),
  person('Bob'),
  person('carol'),
  person('dave'),
  person('erin'),
  person('expired', '\nshadowExpire: 10'),
  person('admin'),
  person('gone'),
  person('a*b(c)'),
  person('twin'),
  person('twin', '', `ou=twins,${BASE}`),
  person('secret', '', `ou=hidden,${BASE}`),
  `dn: cn=reader,${BASE}\nobjectClass: person\ncn: reader\nsn: reader\nuserPassword: reader-pass`,
  group('administrators', 'groupOfNames', member('admin')),
  group('creators', 'groupOfNames', member('alice'), `member: cn=teachers,${GROUPS}`),
  group('teachers', 'groupOfNames', member('dave'), `member: cn=heads,${GROUPS}`),
  group('heads', 'groupOfNames', member('erin'), `member: cn=teachers,${GROUPS}`),
  group('unix', 'posixGroup', 'gidNumber: 500', 'memberUid: carol'),
  group('unique', 'groupOfUniqueNames', `uniqueMember: cn=Bob,${PEOPLE}`),
].join('\n\n')

let slapd: Slapd
beforeAll(async () => {
  slapd = await openSlapd(`${ENTRIES}\n`)
})
afterAll(() => slapd.close())

const settings = (change: Partial<DirectorySettings> = {}): DirectorySettings => ({
  url: `ldap://127.0.0.1:${slapd.port}`,
  base_dn: BASE,
  login_attribute: 'uid',
  name_attribute: 'cn',
  administrators_group: `cn=administrators,${GROUPS}`,
  creators_group: `CN=creators, ${GROUPS}`,
  ...change,
})
const open = (change: Partial<DirectorySettings> = {}) => openLdap(settings(change), () => new Date())
const password = (uid: string) => `${uid}-p@ss(*)`
const unauthenticated = expect.objectContaining({ code: 'unauthenticated' })
const unavailable = expect.objectContaining({ code: 'unavailable' })

describe('signing in against a real directory', () => {
  it('lets in with the right password, whatever the case of the name', async () => {
    const person = { login: 'alice', name: 'alice', administrator: false, creator: true }
    expect(await open().signIn('alice', password('alice'))).toEqual({ ...person, directoryId: expect.any(String) })
    expect(await open().signIn(' ALICE', password('alice'))).toMatchObject({ login: 'alice' })
    expect(await open().signIn('bob', password('Bob'))).toMatchObject({ login: 'bob', creator: false })
  })

  it.each([
    ['a wrong password', 'alice', 'wrong'],
    ['no password', 'alice', ''],
    ['a password that begins with NUL', 'alice', '\0'],
    ['nobody of that name', 'nobody', 'x'],
    ['everybody', '*', password('alice')],
    ['a pattern', 'al*', password('alice')],
    ['an injected filter', 'alice)(uid=*', password('alice')],
    ['an injected or', '*)(|(uid=*', password('alice')],
    ['an escape', '\\2a', password('alice')],
    ['a NUL', 'alice\0', password('alice')],
    ['an account that has expired', 'expired', password('expired')],
    ['a name that two people have', 'twin', password('twin')],
  ])('AUT-5: refuses %s', async (_, login, secret) => {
    await expect(open().signIn(login, secret)).rejects.toEqual(unauthenticated)
  })

  it('takes letters that mean something in a filter as themselves', async () => {
    expect(await open().signIn('a*b(c)', password('a*b(c)'))).toMatchObject({ login: 'a*b(c)' })
  })

  it('AUT-3: finds the group by memberOf, by the group’s members, by unique members and by uids', async () => {
    const [unix, unique] = [`cn=unix,${GROUPS}`, `cn=unique,${GROUPS}`]
    expect(await open().find('admin')).toMatchObject({ administrator: true, creator: false })
    expect(await open({ creators_group: unix }).find('carol')).toMatchObject({ creator: true })
    expect(await open({ creators_group: unix }).find('alice')).toMatchObject({ creator: false })
    expect(await open({ creators_group: unique }).find('bob')).toMatchObject({ creator: true })
  })

  it('AUT-3: follows groups in groups only when told to, and not for ever', async () => {
    expect(await open().find('dave')).toMatchObject({ creator: false })
    expect(await open({ nested_groups: true }).find('dave')).toMatchObject({ creator: true })
    expect(await open({ nested_groups: true }).find('erin')).toMatchObject({ creator: true })
    expect(await open({ nested_groups: true }).find('carol')).toMatchObject({ creator: false })
  })

  it('AUT-3, AUT-8: sees at once who has left, and who has changed groups', async () => {
    expect(await open().find('gone')).toBeDefined()
    await slapd.modify(`dn: cn=gone,${PEOPLE}\nchangetype: delete\n`)
    expect(await open().find('gone')).toBeUndefined()
    await slapd.modify(`dn: cn=creators,${GROUPS}\nchangetype: modify\nadd: member\n${member('carol')}\n`)
    expect(await open().find('carol')).toMatchObject({ creator: true })
    await slapd.modify(`dn: cn=creators,${GROUPS}\nchangetype: modify\ndelete: member\n${member('carol')}\n`)
    expect(await open().find('carol')).toMatchObject({ creator: false })
  })
})

describe('the account that looks people up', () => {
  const reader = async (secret: string) => {
    const file = join(slapd.folder, 'reader.password')
    await writeFile(file, `${secret}\n`, { mode: 0o600 })
    return { bind_dn: `cn=reader,${BASE}`, bind_password_file: file }
  }

  it('sees what is hidden from everybody', async () => {
    expect(await open().find('secret')).toBeUndefined()
    expect(await open(await reader('reader-pass')).find('secret')).toMatchObject({ login: 'secret' })
  })

  it('is the platform’s fault when it is refused, not the person’s', async () => {
    await expect(open(await reader('wrong')).signIn('alice', password('alice'))).rejects.toEqual(unavailable)
    await expect(open(await reader('')).signIn('alice', password('alice'))).rejects.toEqual(unavailable)
  })
})

describe('AUT-2: the connection', () => {
  // 0.0.0.0 is the loopback under a name that does not say so.
  const outside = (change: Partial<DirectorySettings>) => open({ url: `ldap://0.0.0.0:${slapd.port}`, ...change })

  it('is encrypted by StartTLS, with a certificate that is checked', async () => {
    expect(await outside({ ca_file: slapd.caFile }).signIn('alice', password('alice'))).toMatchObject({
      login: 'alice',
    })
    await expect(outside({}).signIn('alice', password('alice'))).rejects.toEqual(unavailable)
    await expect(outside({ ca_file: slapd.otherCaFile }).find('alice')).rejects.toEqual(unavailable)
  })

  it('may be ldaps', async () => {
    const url = `ldaps://127.0.0.1:${slapd.tlsPort}`
    expect(await open({ url, ca_file: slapd.caFile }).signIn('alice', password('alice'))).toMatchObject({
      login: 'alice',
    })
    await expect(open({ url }).find('alice')).rejects.toEqual(unavailable)
  })

  it('carries no password when StartTLS is stripped', async () => {
    let heard = ''
    // Answers every request with "protocol error" to an extended operation, as a directory without TLS does.
    const server = await fakeServer((socket, chunk) => {
      heard += chunk.toString('latin1')
      socket.write(Buffer.from([0x30, 12, 2, 1, chunk[4] ?? 1, 0x78, 7, 10, 1, 2, 4, 0, 4, 0]))
    })
    await expect(open({ url: `ldap://0.0.0.0:${server.port}` }).signIn('alice', 'the-secret')).rejects.toEqual(
      unavailable,
    )
    server.close()
    expect(heard).toContain('1.3.6.1.4.1.1466.20037')
    expect(heard).not.toContain('the-secret')
    expect(heard).not.toContain('alice')
  })

  it('says in time that the directory is down or does not answer', async () => {
    await expect(open({ url: `ldap://127.0.0.1:${await freePort()}` }).signIn('alice', 'x')).rejects.toEqual(
      unavailable,
    )
    const silent = await fakeServer(() => undefined)
    const began = Date.now()
    await expect(open({ url: `ldap://127.0.0.1:${silent.port}` }).signIn('alice', 'x')).rejects.toEqual(unavailable)
    expect(Date.now() - began).toBeLessThan(11_000)
    expect(await open({ url: `ldap://127.0.0.1:${await freePort()}` }).isReachable()).toBe(false)
    expect(await open().isReachable()).toBe(true)
    silent.close()
  })
})

async function fakeServer(onData: (socket: Socket, chunk: Buffer) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', (chunk) => onData(socket, chunk)).on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: (server.address() as { port: number }).port, close }
}
