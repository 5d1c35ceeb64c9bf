import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planPaths } from '../paths.js'
import { openSampleDirectory, type SampleDirectory } from './directory.js'
import { GROUPS, SUFFIX } from './people.js'

let folder: string
let directory: SampleDirectory
const server = { name: 'root', uid: 0, gid: 0 }
const open = () =>
  openSampleDirectory({
    paths: { ...planPaths(folder), log: folder },
    server,
    signal: new AbortController().signal,
    say: () => undefined,
    onStarted: async () => undefined,
  })
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'))
  await chmod(folder, 0o711)
  directory = await open()
})
afterAll(async () => {
  await directory?.process.stop(5_000)
  rmSync(folder, { recursive: true })
})

const ldap = (program: string, args: string[]): Promise<{ code: number; stdout: string }> =>
  new Promise((resolve) => {
    const all = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', directory.settings.url, ...args]
    execFile(program, program === 'ldapwhoami' ? all.filter((word) => word !== '-LLL') : all, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), stdout }),
    )
  })
const search = (filter: string, ...attributes: string[]) => {
  const file = directory.settings.bind_password_file ?? ''
  return ldap('ldapsearch', ['-D', directory.settings.bind_dn ?? '', '-y', file, '-b', SUFFIX, filter, ...attributes])
}

test('the account of Ruche finds people with their groups, and no password', async () => {
  const alice = (await search('(uid=alice)', '*', 'memberOf')).stdout
  expect(alice).toContain('cn: Alice Martin')
  expect(alice).toContain(`memberOf: ${GROUPS.creators}`)
  expect(alice).not.toContain('userPassword')
  expect((await search('(uid=guest)', 'memberOf')).stdout).not.toContain('memberOf')
  expect((await search(`(memberOf=${GROUPS.administrators})`, 'uid')).stdout).toContain('uid: admin')
})

test('people sign in with their own password only, and nobody looks around without a name', async () => {
  const whoami = (login: string, password: string) =>
    ldap('ldapwhoami', ['-D', `uid=${login},ou=people,${SUFFIX}`, '-w', password])
  expect((await whoami('claire', 'claire-ruche')).code).toBe(0)
  expect((await whoami('claire', 'bob-ruche')).code).toBe(49)
  expect((await ldap('ldapsearch', ['-b', SUFFIX, '(uid=alice)'])).code).not.toBe(0)
})

test('its files are its own, and a second start finds everything again', async () => {
  expect(statSync(join(folder, 'lib/directory/bind-password')).mode & 0o777).toBe(0o400)
  expect(statSync(join(folder, 'lib/directory/data')).mode & 0o777).toBe(0o700)
  await directory.process.stop(5_000)
  directory = await open()
  expect((await search('(uid=bob)', 'cn')).stdout).toContain('cn: Bob Wilson')
})
