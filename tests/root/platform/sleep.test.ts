import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { endProcess, start, succeed, until } from '../../helpers/programs.js'

/** Whatever somebody has under way in a site outlives its sleep, or keeps it awake. */
const HOST = `shop.${BASE_DOMAIN}`
const URL = `https://${HOST}`
const MIB = 1024 ** 2

let platform: Platform
let folder = ''
beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp('/tmp/ruche-sleep-')
  await platform.resolve(HOST)
  await platform.json('create', 'shop', '--language', 'php', '--database', 'none')
  await put('count.php', '<?php session_start(); echo $_SESSION["n"] = ($_SESSION["n"] ?? 0) + 1;')
  await put('hash.php', '<?php echo hash_file("sha256", "php://input");')
})
afterAll(async () => {
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

async function put(name: string, text: string): Promise<void> {
  const file = join(folder, name)
  await writeFile(file, text)
  await platform.json('files', 'shop', 'put', file, `public/${name}`)
}

const stateOf = async () => (await platform.json<{ state: string }>('show', 'shop')).state

async function fallAsleep(): Promise<void> {
  await until('nobody holds it', async () => (await platform.ruche('sleep', 'shop')).code === 0)
  expect(await stateOf()).toBe('asleep')
}

/** It stays up, and says who keeps it. */
async function expectAwake(reason: RegExp): Promise<void> {
  const { code, stderr } = await platform.ruche('sleep', 'shop')
  expect(code).not.toBe(0)
  expect(stderr).toMatch(reason)
  expect(await stateOf()).toBe('running')
}

const outside = (argv: string[]) => {
  const [program, args] = platform.network.inside(platform.network.visitor, argv)
  return start(program, args)
}

test('who was signed in by a PHP session still is', async () => {
  const jar = ['-b', join(folder, 'jar'), '-c', join(folder, 'jar')]
  const visit = async () => (await platform.curl('--fail', ...jar, `${URL}/count.php`)).stdout
  expect([await visit(), await visit()]).toEqual(['1', '2'])
  await fallAsleep()
  expect(await visit()).toBe('3')
})

test('an upload that is under way keeps it awake, and arrives whole', async () => {
  const body = randomBytes(4 * MIB)
  await writeFile(join(folder, 'body'), body)
  const upload = outside([
    ...['curl', '-sS', '--cacert', platform.caFile, '--limit-rate', '1M', '--expect100-timeout', '0'],
    ...['--data-binary', `@${folder}/body`, `${URL}/hash.php`],
  ])
  await until('it has begun', async () => /connections/.test((await platform.ruche('sleep', 'shop')).stderr))
  await expectAwake(/open connections/)
  await until('it has ended', async () => upload.child.exitCode === 0, 60_000)
  expect(upload.output()).toContain(createHash('sha256').update(body).digest('hex'))
  await fallAsleep()
})

test('a terminal wakes it, and keeps it awake', async () => {
  await fallAsleep()
  const shell = ['node', 'bin/ruche', 'shell', '--root', platform.root, 'shop'].join(' ')
  const terminal = start('script', ['-qefc', shell, '/dev/null'])
  try {
    terminal.child.stdin?.write('echo here-$((40 + 2))\n')
    await until('it answers', async () => terminal.output().includes('here-42'))
    await expectAwake(/in use/)
    terminal.child.stdin?.write('echo still-$((40 + 3))\n')
    await until('it goes on', async () => terminal.output().includes('still-43'))
  } finally {
    terminal.child.stdin?.write('exit\n')
    await until('it ends', async () => terminal.child.exitCode !== null)
  }
  await fallAsleep()
})

test('an SFTP session wakes it, and keeps it awake', async () => {
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  await platform.json('sftp', 'shop', '--add-key', (await readFile(join(folder, 'key.pub'), 'utf8')).trim())
  const { sftp_port: port } = await platform.json<{ sftp_port: number }>('show', 'shop')
  await fallAsleep()
  const options = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${folder}/known`, 'LogLevel=ERROR', 'BatchMode=yes']
  const session = outside([
    ...['sftp', '-P', String(port), '-i', join(folder, 'key')],
    ...options.flatMap((option) => ['-o', option]),
    `site@${HOST}`,
  ])
  try {
    session.child.stdin?.write('pwd\n')
    await until('it is in', async () => session.output().includes('/home/site'))
    await expectAwake(/open connections/)
    session.child.stdin?.write('ls public\n')
    await until('it goes on', async () => session.output().includes('count.php'))
  } finally {
    await endProcess(session.child, 'SIGTERM', 5000)
  }
  await fallAsleep()
})

test('what its crontab plans is done in time', async () => {
  await writeFile(join(folder, 'crontab'), '* * * * * date +%s >> /home/site/ran\n')
  await platform.json('files', 'shop', 'put', join(folder, 'crontab'), 'crontab')
  await fallAsleep()
  // Of the file itself nobody is woken.
  await until('it has run', async () => (await platform.ruche('files', 'shop', 'get', 'ran', '-')).code === 0, 150_000)
  expect(await stateOf()).toBe('running')
})
