import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ContainerSpec } from '../../model/container.js'
import { derivePasswords } from './passwords.js'
import { openSecretKey } from './secret-key.js'

describe('the secret key', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ruche-key-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is made once, for its owner only, whoever comes first', async () => {
    const keys = await Promise.all([openSecretKey(folder), openSecretKey(folder)])
    expect(keys[0]).toHaveLength(32)
    expect(keys[0].equals(keys[1])).toBe(true)
    expect((await openSecretKey(folder)).equals(keys[0])).toBe(true)
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['secret.key'])
  })

  it('is never replaced when it is damaged', async () => {
    await writeFile(join(folder, 'secret.key'), 'short')
    await expect(openSecretKey(folder)).rejects.toMatchObject({ code: 'host_failed' })
    expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe('short')
  })
})

describe('passwords', () => {
  const passwords = derivePasswords(Buffer.alloc(32, 1))
  const site = { uuid: 'a', sftp_generation: 1, database_generation: 1 }

  it('are always the same for the same site, key and generation, and differ in everything else', () => {
    const all = [
      passwords.sftp(site),
      passwords.database(site),
      passwords.sftp({ ...site, sftp_generation: 2 }),
      passwords.database({ ...site, database_generation: 2 }),
      passwords.sftp({ ...site, uuid: 'b' }),
      derivePasswords(Buffer.alloc(32, 2)).sftp(site),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(derivePasswords(Buffer.alloc(32, 1)).sftp({ ...site, database_generation: 9 })).toBe(all[0])
  })

  it('have 20 letters and digits that nobody confuses, each as likely as the others', () => {
    const counts = new Map<string, number>()
    for (let n = 0; n < 2000; n++) {
      const password = passwords.sftp({ ...site, sftp_generation: n })
      expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{20}$/)
      for (const letter of password) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    expect(counts.size).toBe(57)
    const expected = (2000 * 20) / 57
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected))
  })

  it('give a hash that the site’s own crypt(3) takes, the same each time', () => {
    const hash = passwords.sftpHash(site)
    expect(passwords.sftpHash(site)).toBe(hash)
    expect(ContainerSpec.shape.settings.shape.sftpPasswordHash.safeParse(hash).success).toBe(true)
    const script = 'print crypt($ARGV[0], $ARGV[1])'
    expect(execFileSync('perl', ['-e', script, passwords.sftp(site), hash], { encoding: 'utf8' })).toBe(hash)
  })
})
