import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BackupMachine, makeBackupMachine } from '../../helpers/backup-machine.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { finish, until } from '../../helpers/programs.js'

/** Copies of backups by restic on another machine, which is a real sshd in the network outside. */
const HOST = `shop.${BASE_DOMAIN}`
/** A failure is waited after, and the server looks once a minute. */
const COPY_MS = 300_000

let platform: Platform
let machine: BackupMachine
beforeAll(async () => {
  machine = await makeBackupMachine()
  platform = await startPlatform(machine.configuration)
  await platform.resolve(HOST)
  await platform.json('create', 'shop', '--server', 'nginx', '--language', 'php', '--database', 'mariadb')
})
afterAll(async () => {
  await platform?.close()
  await machine?.close()
})

interface Listed {
  backups: { id: string }[]
  off_site: Record<string, { copied_at?: string; reason?: string; next_at?: string }>
  elsewhere: { id: string }[]
}
const list = () => platform.json<Listed>('backups', 'shop')
const visits = (page: string): number => Number(/id="visits">(\d+)</.exec(page)?.[1])
const visit = async (of: Platform, host: string) => visits((await of.curl('--fail', `https://${host}/`)).stdout)
const archives = async () => {
  const folder = join(platform.root, 'lib/agent/backups')
  const keys = await readdir(folder)
  return Promise.all(keys.map(async (key) => ({ folder: join(folder, key), names: await readdir(join(folder, key)) })))
}

let backup = ''
let counted = 0

test('BKP-8: a backup that cannot be copied says why, and is copied when the other machine is there again', {
  timeout: 3 * COPY_MS,
}, async () => {
  counted = await visit(platform, HOST)
  backup = (await platform.json<{ id: string }>('backup', 'shop')).id
  const failed = await until('it says why', async () => (await list()).off_site[backup]?.reason, COPY_MS)
  expect(failed).toMatch(/Connection refused|No route to host|Permission denied/)
  expect((await list()).off_site[backup]).toMatchObject({ next_at: expect.any(String) })
  await machine.serve(platform.network)
  const begin = performance.now()
  await until('it is copied', async () => (await list()).off_site[backup]?.copied_at, COPY_MS)
  expect((await list()).off_site[backup]).not.toHaveProperty('reason')
  console.info(`copied ${Math.round((performance.now() - begin) / 1000)} s after the other machine came back`)
})

test('what lies there is a restic repository that only the password opens, and holds the archive as it is here', async () => {
  const { copies } = await platform.json<{ copies: { id: string; site: string; proven: boolean; snapshot: string }[] }>(
    'backups',
    '--off-site',
  )
  expect(copies).toMatchObject([{ id: backup, site: 'shop', proven: true }])
  const [{ folder = '' } = {}] = await archives()
  const dump = `restic -q --no-cache -r ${machine.repository} --password-file ${machine.passwordFile} dump ${copies[0]?.snapshot} archive.tar | cmp - ${folder}/${backup}.tar`
  expect(await finish('bash', ['-o', 'pipefail', '-c', dump])).toMatchObject({ code: 0, stdout: '' })
  expect((await finish('grep', ['-rlaF', 'public/index.php', machine.repository])).stdout).toBe('')
})

test('BKP-8: a backup whose archive is gone here is restored from there', { timeout: COPY_MS }, async () => {
  await platform.json('exec', 'shop', '--', 'rm', 'public/index.php')
  for (const { folder, names } of await archives())
    for (const name of names) await rm(join(folder, name), { recursive: true })
  expect(await list()).toMatchObject({ backups: [], elsewhere: [{ id: backup }] })
  await platform.json('restore', 'shop', backup)
  expect(await visit(platform, HOST)).toBe(counted + 2)
  expect((await list()).backups).toMatchObject([{ id: backup }])
})

test('BKP-8: a platform that knows nothing brings the site up from there alone, as itself', {
  timeout: 2 * COPY_MS,
}, async () => {
  await machine.vanish()
  await platform.close()
  platform = await startPlatform(machine.configuration)
  await machine.serve(platform.network)
  await platform.resolve(HOST)
  expect(await platform.json('list')).toMatchObject({ sites: [] })
  await platform.json('restore', '--off-site', backup, '--as', 'shop')
  expect(await visit(platform, HOST)).toBe(counted + 2)
  const { off_site: states } = await list()
  expect(states[backup]).toHaveProperty('copied_at')
})

test('BKP-8: copies of a backup that is deleted go too', { timeout: COPY_MS }, async () => {
  await platform.json('destroy', 'shop', '--yes', '--purge')
  await until(
    'it is gone',
    async () => {
      const { copies } = await platform.json<{ copies: unknown[] }>('backups', '--off-site')
      return copies.length === 0
    },
    COPY_MS,
  )
})
