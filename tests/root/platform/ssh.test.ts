import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { start, succeed, until } from '../../helpers/programs.js'

/** SFTP and git as people use them: OpenSSH's and git's own programs, from outside, through the site's public port. */
const HOST = `press.${BASE_DOMAIN}`

let platform: Platform
let folder = ''
let port = 0
beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp('/tmp/ruche-ssh-')
  await platform.resolve(HOST)
  await platform.json('create', 'press', '--language', 'static', '--database', 'none')
  port = (await platform.json<{ sftp_port: number }>('show', 'press')).sftp_port
  for (const name of ['hers', 'his']) {
    await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)])
    await platform.json('sftp', 'press', '--add-key', (await readFile(join(folder, `${name}.pub`), 'utf8')).trim())
  }
  const { password } = await platform.json<{ password: string }>('sftp', 'press')
  await writeFile(join(folder, 'answer'), `#!/bin/sh\nprintf '%s\\n' '${password}'\n`, { mode: 0o700 })
  await succeed('git', ['init', '-q', '-b', 'main', join(folder, 'clone')])
  await succeed('git', ['-C', join(folder, 'clone'), 'remote', 'add', 'site', `ssh://git@${HOST}:${port}/site.git`])
})
afterAll(async () => {
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

const known = () => [
  ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${folder}/known`, '-o', 'LogLevel=ERROR'],
]
const withKey = (name: string) => [
  ...known(),
  ...['-i', join(folder, name), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
]
const withPassword = () => [...known(), '-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1']
const asked = () => [`SSH_ASKPASS=${folder}/answer`, 'SSH_ASKPASS_REQUIRE=force', 'DISPLAY=none']

async function push(options: string[], text: string) {
  await writeFile(join(folder, 'clone/index.html'), text)
  await succeed('mkdir', ['-p', join(folder, 'clone/public')])
  await writeFile(join(folder, 'clone/public/index.html'), text)
  const git = ['git', '-c', 'user.name=x', '-c', 'user.email=x@example.test', '-C', join(folder, 'clone')]
  await succeed('env', [...git, 'add', '-A'])
  await succeed('env', [...git, 'commit', '-q', '-m', text.trim()])
  const environment = [...asked(), `GIT_SSH_COMMAND=${['ssh', ...options].join(' ')}`]
  return platform.network.run(platform.network.visitor, ['env', ...environment, ...git, 'push', 'site', 'main'])
}

test.each(['key', 'password'])('git push by %s from outside is shown, and its person reads how it went', async (by) => {
  const { code, stderr } = await push(by === 'key' ? withKey('hers') : withPassword(), `pushed by ${by}\n`)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('Deployed')
  expect((await platform.curl('--fail', `https://${HOST}/`)).stdout).toBe(`pushed by ${by}\n`)
})

/** An SFTP session from outside that waits for its person. */
function openSession(name: string) {
  const argv = ['sftp', '-P', String(port), ...withKey(name), `site@${HOST}`]
  const [program, args] = platform.network.inside(platform.network.visitor, argv)
  return start(program, args)
}

test('AUT-9: a key that is taken away ends its open session from outside, and leaves another’s alone', async () => {
  const [hers, his] = [openSession('hers'), openSession('his')]
  try {
    for (const session of [hers, his]) {
      session.child.stdin?.write('pwd\n')
      await until('it is in', async () => session.output().includes('/home/site'))
    }
    const begin = performance.now()
    await platform.json('sftp', 'press', '--remove-key', 'his')
    await until('his is over', async () => his.output().includes('Connection closed'), 60_000)
    console.info(`a session of a key that was taken away ended after ${Math.round(performance.now() - begin)} ms`)
    hers.child.stdin?.write('ls public\n')
    await until('hers goes on', async () => hers.output().includes('index.html'))
    const again = openSession('his')
    await until('it is refused', async () => again.output().includes('Permission denied'))
  } finally {
    for (const { child } of [hers, his]) child.kill()
  }
})
