import { createHash } from 'node:crypto'
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderHeader } from '../../src/agent/backups/archive-layout.js'
import type { Backup } from '../../src/model/backup.js'
import type { AppError } from '../../src/model/errors.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { findLeaks } from '../helpers/leak-oracle.js'
import { succeed } from '../helpers/programs.js'

const STACK = 'nginx-php-mariadb'
const MIB = 1024 ** 2
const KEY = '6f1c1c1e-0000-4000-8000-000000000001'
const context = { actor: 'test' }
let agent: TestAgent
let serial = 0

const newId = () => `backup${String(++serial).padStart(6, '2').replaceAll(/[01]/g, 'a')}`.replaceAll(/[89]/g, 'b')
const spec = (id: string, address: number) => specFor(id, address, STACK, { diskBytes: 600 * MIB })
const archiveAt = (backup: string) => join(agent.settings.stateFolder, 'backups', KEY, `${backup}.tar`)
const backups = () => agent.engine.backups(KEY)

beforeAll(async () => {
  agent = await startAgent()
  await agent.engine.create(spec('shop', 40), context)
  await agent.engine.start('shop', context)
  await sql('shop', 'CREATE TABLE words (word TEXT); INSERT INTO words VALUES ("kept"); CREATE TABLE other (n INT)')
  await put('shop', 'public/page.txt', 'first')
  await put('shop', 'private/deep.txt', 'deep')
})
afterAll(() => agent?.close())

async function sql(id: string, statement: string): Promise<string> {
  const script = 'echo "$1" | mariadb --user="$DATABASE_USER" --password="$DATABASE_PASSWORD" -N "$DATABASE_NAME"'
  const { code, stdout, stderr } = await execIn(agent, id, ['sh', '-c', script, 'sh', statement])
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}
async function put(id: string, path: string, text: string): Promise<void> {
  const files = agent.engine.files(id, 'test')
  const base = await files.read(path).then(
    ({ version }) => version,
    () => null,
  )
  await files.save(path, base, Buffer.from(text))
}
const get = async (id: string, path: string): Promise<string> =>
  Buffer.from((await agent.engine.files(id, 'test').read(path)).content).toString()
const back = (): Promise<Backup> => backups().create('shop', newId(), context)

/** Nothing half-made, and no group of a work that has ended. */
async function expectTidy(): Promise<void> {
  const sites = await readdir(join(agent.settings.stateFolder, 'sites'))
  expect(sites.filter((name) => name.startsWith('.'))).toEqual([])
  const names = await readdir(join(agent.settings.stateFolder, 'backups', KEY)).catch(() => [])
  expect(names.filter((name) => !/^[a-z2-7]{12}\.(tar|proof\.json)$/.test(name))).toEqual([])
  const groups = await readdir(`/sys/fs/cgroup/pids/${agent.settings.cgroup}`)
  expect(groups.filter((name) => name.startsWith('.work'))).toEqual([])
  expect((await findLeaks({ folder: join(agent.settings.stateFolder, 'sites', '.build'), uidBases: [] })).join()).toBe(
    '',
  )
}

test('BKP-3: a backup holds files and database, is listed once it is whole, and can be read with tar and zstd alone', async () => {
  const made = await back()
  expect(made).toMatchObject({ hasDatabase: true, stack: { database: 'mariadb' } })
  expect(made.frozenMs).toBeLessThanOrEqual(2000)
  expect(made.proof).toBeUndefined()
  expect(await backups().list()).toEqual([made])
  expect((await stat(archiveAt(made.id))).mode & 0o777).toBe(0o600)
  const members = await succeed('tar', ['-tf', archiveAt(made.id)])
  expect(members.trim().split('\n')).toEqual(['files.tar.zst', 'database.sql.zst', 'manifest.json', 'manifest.sha256'])
  await succeed('tar', ['-xf', archiveAt(made.id), '-C', agent.root])
  const names = await succeed('tar', ['--zstd', '-tf', join(agent.root, 'files.tar.zst')])
  expect(names).toContain('home/site/public/page.txt')
  expect(await succeed('zstd', ['-dc', join(agent.root, 'database.sql.zst')])).toContain('kept')
  await succeed('sh', ['-c', `cd ${agent.root} && echo "$(cat manifest.sha256)  manifest.json" | sha256sum -c`])
  expect(await agent.engine.find('shop')).toMatchObject({ phase: 'running', restarts: 0 })
  await expectTidy()
})

test('BKP-6: restoring in place brings all of it back, and keeps what the site is', async () => {
  const made = await back()
  const before = await agent.engine.find('shop')
  const keys = await hostKeys('shop')
  await put('shop', 'public/page.txt', 'second')
  await put('shop', 'public/new.txt', 'new')
  await sql('shop', 'DELETE FROM words')
  const after = await backups().restore('shop', made.id, context)
  expect(after).toMatchObject({ phase: 'running', ipv4: before?.ipv4, sftpPort: before?.sftpPort })
  expect(await get('shop', 'public/page.txt')).toBe('first')
  await expect(get('shop', 'public/new.txt')).rejects.toMatchObject({ code: 'not_found' })
  expect(await sql('shop', 'SELECT word FROM words')).toBe('kept')
  expect(await hostKeys('shop')).toBe(keys)
  expect((await agent.get('10.1.1.40')).status).toBe(200)
  await expectTidy()
})

/** Who comes by SSH sees them, and waits until they are made. */
async function hostKeys(id: string): Promise<string> {
  await execIn(agent, id, ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3'])
  const pid = (await agent.engine.find(id))?.pid ?? 0
  return readFile(`/proc/${pid}/root/etc/ssh/site/ssh_host_ed25519_key.pub`, 'utf8')
}

test('BKP-6: restoring as a new site leaves the old one alone, and gives an identity of its own', async () => {
  const made = await back()
  await agent.engine.backups(KEY).restoreAs(spec('copy', 41), made.id, context)
  await agent.engine.start('copy', context)
  expect(await get('copy', 'public/page.txt')).toBe('first')
  expect(await sql('copy', 'SELECT word FROM words')).toBe('kept')
  expect(await hostKeys('copy')).not.toBe(await hostKeys('shop'))
  await agent.engine.destroy('copy', context)
})

test('one file and one table come back, and nothing else', async () => {
  const made = await back()
  await put('shop', 'public/page.txt', 'second')
  await put('shop', 'private/deep.txt', 'changed')
  await sql('shop', 'DELETE FROM words; INSERT INTO other VALUES (7)')
  await backups().restoreFile('shop', made.id, 'public/page.txt', context)
  expect([await get('shop', 'public/page.txt'), await get('shop', 'private/deep.txt')]).toEqual(['first', 'changed'])
  await backups().restoreTable('shop', made.id, 'words', context)
  expect(await sql('shop', 'SELECT word FROM words; SELECT n FROM other')).toBe('kept\n7')
  await expect(backups().restoreFile('shop', made.id, 'public/none', context)).rejects.toMatchObject({
    code: 'not_found',
  })
  const { paths } = await backups().files('shop', made.id, context)
  expect(paths).toContain('public/page.txt')
  await sql('shop', 'DELETE FROM other')
  await put('shop', 'private/deep.txt', 'deep')
  await expectTidy()
})

test('a backup is proven by a sealed copy; one of a broken page is not, and says why', async () => {
  const good = await backups().prove('shop', (await back()).id, context)
  expect(good.proof).toMatchObject({ proven: true, pageStatus: 200 })
  await put('shop', 'public/index.php', '<?php http_response_code(500);')
  const bad = await backups().prove('shop', (await back()).id, context)
  expect(bad.proof).toMatchObject({ proven: false, pageStatus: 500 })
  expect(bad.proof?.reason).toContain('broken when the backup was made')
  await backups().restore('shop', good.id, context)
  await expectTidy()
})

test('BKP-7: a flipped bit anywhere is refused before the site is touched', async () => {
  const made = await back()
  const pid = (await agent.engine.find('shop'))?.pid
  const { size } = await stat(archiveAt(made.id))
  for (const at of [5, 130, 700, Math.floor(size / 2), size - 4000, size - 1100, size - 3]) {
    await flip(archiveAt(made.id), at)
    const refused = backups().restore('shop', made.id, context)
    await expect(refused).rejects.toMatchObject({ code: 'invalid' })
    await flip(archiveAt(made.id), at)
  }
  expect(await agent.engine.find('shop')).toMatchObject({ pid, restarts: 0, phase: 'running' })
  await backups().restore('shop', made.id, context)
  await expectTidy()
})

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
  buffer[0] = (buffer[0] ?? 0) ^ 1
  await file.write(buffer, 0, 1, at)
  await file.close()
}

/** An archive as an attacker would write it: everything about it fits but what is in it. */
async function forge(files: string, database: string): Promise<string> {
  const id = newId()
  const part = async (path: string) => {
    const bytes = await readFile(path)
    return { bytes, part: { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } }
  }
  const [one, two] = [await part(files), await part(database)]
  const { stack, limits } = spec('forged', 42)
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ format: 1, id, site: 'forged', createdAt: new Date().toISOString(), stack, suite: 'bookworm', limits },
      ...{ domains: [], frozenMs: 0, files: one.part, database: two.part },
    }),
  )
  const seal = Buffer.from(`${createHash('sha256').update(manifest).digest('hex')}\n`)
  const member = (name: string, bytes: Buffer) =>
    Buffer.concat([renderHeader(name, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
  await writeFile(
    archiveAt(id),
    Buffer.concat([
      member('files.tar.zst', one.bytes),
      member('database.sql.zst', two.bytes),
      member('manifest.json', manifest),
      member('manifest.sha256', seal),
      Buffer.alloc(1024),
    ]),
    { mode: 0o600 },
  )
  return id
}

const HOSTILE = `
import tarfile, io, sys
def add(t, name, type=tarfile.REGTYPE, link='', data=b'x', mode=0o644, uid=1000):
    i = tarfile.TarInfo(name); i.type = type; i.linkname = link; i.mode = mode; i.uid = i.gid = uid
    i.size = len(data) if type == tarfile.REGTYPE else 0
    t.addfile(i, io.BytesIO(data))
kind, out = sys.argv[1], sys.argv[2]
with tarfile.open(out, 'w') as t:
    add(t, 'home/site', tarfile.DIRTYPE, mode=0o755)
    add(t, 'etc/ssh/site', tarfile.DIRTYPE, mode=0o755, uid=0)
    if kind == 'escape':
        add(t, 'home/site/../../../../../../tmp/ruche-escaped')
        add(t, '/tmp/ruche-escaped')
        add(t, 'home/site/out', tarfile.SYMTYPE, '/tmp')
        add(t, 'home/site/out/ruche-escaped')
        add(t, 'home/site/hard', tarfile.LNKTYPE, '/etc/shadow')
        add(t, 'home/site/suid', mode=0o6755, uid=0)
    if kind == 'device':
        add(t, 'home/site/disk', tarfile.BLKTYPE)
    if kind == 'bomb':
        for n in range(40): add(t, f'home/site/bomb{n}', data=b'\\0' * 20_000_000)
    if kind == 'many':
        for n in range(100_000): add(t, f'home/site/f{n}', data=b'')
`

test.each([
  ['escape', /made|not permitted|Not found|tar:/],
  ['device', /Operation not permitted|tar:/],
  ['bomb', /No space left|tar:/],
  ['many', /No space left|tar:/],
])(
  'a hostile archive (%s) harms nothing but its own new image',
  async (kind, ends) => {
    const tar = join(agent.root, `${kind}.tar`)
    await succeed('python3', ['-c', HOSTILE, kind, tar])
    await succeed('zstd', ['-q', '-f', tar])
    const sqlFile = join(agent.root, 'hostile.sql')
    await writeFile(sqlFile, '\\! touch /tmp/ruche-escaped /home/site/ran\nSELECT 1;\n')
    await succeed('zstd', ['-q', '-f', sqlFile])
    const id = await forge(`${tar}.zst`, `${sqlFile}.zst`)
    const outcome = await backups()
      .restoreAs(spec('forged', 42), id, context)
      .then(
        () => 'made',
        (error: AppError) => error.message,
      )
    expect(outcome).toMatch(ends)
    await expect(stat('/tmp/ruche-escaped')).rejects.toThrow()
    expect(await agent.engine.find('shop')).toMatchObject({ phase: 'running', restarts: 0 })
    await agent.engine.destroy('forged', context)
    await expectTidy()
  },
  300_000,
)

test('a table out of a hostile archive has no more rights than the site', async () => {
  const tar = join(agent.root, 'nothing.tar')
  await succeed('tar', ['-cf', tar, '-T', '/dev/null'])
  const dump = join(agent.root, 'trigger.sql')
  const trigger =
    'CREATE DEFINER=root@localhost TRIGGER climb BEFORE INSERT ON words FOR EACH ROW SET NEW.word = user()'
  await writeFile(dump, `CREATE TABLE words (word TEXT);\n${trigger};\n`)
  for (const path of [tar, dump]) await succeed('zstd', ['-q', '-f', path])
  const id = await forge(`${tar}.zst`, `${dump}.zst`)
  await expect(backups().restoreTable('shop', id, 'words', context)).rejects.toMatchObject({ code: 'invalid' })
  expect(await sql('shop', 'SHOW TRIGGERS')).toBe('')
  await backups().remove(id, context)
  await expectTidy()
})

test.each([
  ['a tar of something else', 'tar'],
  ['a crafted manifest', 'manifest'],
  ['nothing', 'empty'],
])('%s is no backup and is not listed', async (_, kind) => {
  const id = newId()
  const bytes =
    kind === 'empty'
      ? Buffer.alloc(0)
      : Buffer.concat([
          renderHeader('files.tar.zst', kind === 'tar' ? 2 ** 40 : 0),
          renderHeader('manifest.json', 2),
          Buffer.from('{}'.padEnd(512, '\0')),
          renderHeader('manifest.sha256', 0),
          Buffer.alloc(1024),
        ])
  await writeFile(archiveAt(id), bytes, { mode: 0o600 })
  await expect(backups().restoreAs(spec('forged', 42), id, context)).rejects.toMatchObject({ code: 'invalid' })
  expect((await backups().list()).map((one) => one.id)).not.toContain(id)
  await backups().remove(id, context)
})
