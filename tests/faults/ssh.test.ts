import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ContainerSpec } from '../../src/model/container.js'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { type Finished, start, succeed, until } from '../helpers/programs.js'

const context = { actor: 'test' }
const spec = specFor('work', 50)
let agent: TestAgent
let folder: string
const keys: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp('/tmp/ruche-ssh-')
  for (const name of ['alice', 'bob']) {
    await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)])
    keys[name] = (await readFile(join(folder, `${name}.pub`), 'utf8')).trim()
  }
  agent = await startAgent()
  await agent.engine.create(withKeys('alice', 'bob'), context)
  await agent.engine.start('work', context)
})
afterAll(async () => {
  await agent?.close()
  await rm(folder, { recursive: true, force: true })
})

function withKeys(...names: string[]): ContainerSpec {
  return { ...spec, settings: { ...spec.settings, sftpKeys: names.map((name) => keys[name] ?? '') } }
}

const options = (name: string) => [
  ...['-i', join(folder, name), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${folder}/known`],
]

/** git as a person outside has it: with that key, from a clone of their own. */
async function git(name: string, ...argv: string[]): Promise<Finished> {
  const command = ['ssh', ...options(name)].join(' ')
  const person = ['-c', `user.name=${name}`, '-c', `user.email=${name}@example.test`]
  return agent.inside('env', `GIT_SSH_COMMAND=${command}`, 'git', ...person, '-C', join(folder, 'clone'), ...argv)
}

async function commit(files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await succeed('mkdir', ['-p', join(folder, 'clone', path, '..')])
    await writeFile(join(folder, 'clone', path), content)
  }
  for (const argv of [
    ['add', '-A'],
    ['commit', '-q', '-m', 'a change'],
  ]) {
    const { code, stderr } = await git('alice', ...argv)
    if (code !== 0) throw new Error(stderr)
  }
  return (await git('alice', 'rev-parse', 'HEAD')).stdout.trim()
}

const read = async (path: string) => (await execIn(agent, 'work', ['cat', path])).stdout
const deploy = (...argv: string[]) => execIn(agent, 'work', ['/usr/lib/ruche/deploy', ...argv])

/** An SFTP session that stays open until it is closed from the other side. */
function openSession(name: string): { ended: () => boolean; close: () => void } {
  const argv = ['netns', 'exec', agent.space, 'sftp', ...options(name), 'site@10.1.1.50']
  const { child, output } = start('ip', argv)
  // It goes on waiting for its person.
  return { ended: () => output().includes('Connection closed'), close: () => child.kill() }
}

describe('SSH of a site', () => {
  test('tells that somebody came, with which key, as whom', async () => {
    const heard: string[] = []
    const enough = new AbortController()
    agent.engine.follow((event) => {
      if (event.type === 'ssh') heard.push(event.id)
    }, enough.signal)
    const session = openSession('alice')
    const fingerprint = (await succeed('ssh-keygen', ['-l', '-f', join(folder, 'alice.pub')])).split(' ')[1]
    await until('it is seen', async () => (await agent.engine.ssh('work')).sessions.some((one) => one.login))
    expect((await agent.engine.ssh('work')).sessions).toEqual([
      { isOpen: true, login: { user: 'site', method: 'publickey', address: '10.1.1.1', fingerprint } },
    ])
    await until('it is told', async () => heard.includes('work'))
    session.close()
    await until('its end is seen', async () => !(await agent.engine.ssh('work')).sessions.some((one) => one.isOpen))
    enough.abort()
  })

  test('AUT-9: a key that is taken away ends its open sessions, and nobody else’s', async () => {
    const hers = openSession('alice')
    const his = openSession('bob')
    const open = async () => (await agent.engine.ssh('work')).sessions.filter((one) => one.isOpen && one.login).length
    await until('both are in', async () => (await open()) === 2)
    await agent.engine.update(withKeys('alice'), context)
    await until('his is over', async () => his.ended())
    expect(await open()).toBe(1)
    expect(hers.ended()).toBe(false)
    hers.close()
    await agent.engine.update(withKeys('alice', 'bob'), context)
  })

  test('the user git gets no shell, no SFTP and no other program', async () => {
    const ssh = (...argv: string[]) => agent.inside('ssh', ...options('alice'), 'git@10.1.1.50', ...argv)
    for (const argv of [[], ['id'], ['git-upload-pack /etc; id'], ['git-upload-archive x'], ['-s', 'sftp']]) {
      const { code, stdout } = await ssh(...argv)
      expect([argv, code === 0, stdout.includes('uid=')], stdout).toEqual([argv, false, false])
    }
    const forwarded = await agent.inside('ssh', ...options('alice'), '-W', '127.0.0.1:80', 'git@10.1.1.50')
    expect(forwarded.code).not.toBe(0)
  })
})

describe('git push', () => {
  beforeAll(async () => {
    await succeed('git', ['init', '-q', '-b', 'main', join(folder, 'clone')])
  })

  test('lays the pushed commit into the home, keeps what was there, and shows the log', async () => {
    const first = await commit({ 'public/index.html': 'pushed\n', 'public/old.html': 'old\n' })
    await succeed('git', ['-C', join(folder, 'clone'), 'remote', 'add', 'site', 'ssh://git@10.1.1.50/site.git'])
    const pushed = git('alice', 'push', 'site', 'main')
    const request = await waitForRequest()
    expect(request).toMatchObject({ commit: first, fingerprint: expect.stringMatching(/^SHA256:/) })
    const { code, stdout } = await deploy('push', request.id, request.commit)
    expect([code, stdout], stdout).toEqual([0, expect.stringContaining(`Deployed ${first}`)])
    const { code: pushCode, stderr } = await pushed
    expect(pushCode, stderr).toBe(0)
    expect(stderr).toContain(`Deployed ${first}`)
    expect(await read('public/index.html')).toBe('pushed\n')
    expect((await agent.get('10.1.1.50')).text).toBe('pushed\n')
  })

  test('removes what is gone from the commit, leaves what git does not know, and keeps edits made on the site', async () => {
    await execIn(agent, 'work', ['sh', '-c', 'echo mine >public/upload.txt; echo edited >public/index.html'])
    await succeed('rm', [join(folder, 'clone/public/old.html')])
    const second = await commit({ 'public/index.html': 'second\n' })
    const pushed = git('alice', 'push', 'site', 'main')
    const request = await waitForRequest()
    const { stdout } = await deploy('push', request.id, second)
    await pushed
    expect(await read('public/index.html')).toBe('second\n')
    expect((await execIn(agent, 'work', ['ls', 'public'])).stdout.split('\n').filter(Boolean).sort()).toEqual([
      'index.html',
      'upload.txt',
    ])
    const kept = /kept as commit ([0-9a-f]{40})/.exec(stdout)?.[1] ?? ''
    const repository = '/var/lib/ruche/git/repository'
    const { stdout: edited } = await execIn(agent, 'work', [
      'git',
      '-C',
      repository,
      'show',
      `${kept}:public/index.html`,
    ])
    expect(edited).toBe('edited\n')
  })

  test('goes back to what was deployed before, and forth again', async () => {
    const state = async () => (await deploy('state')).stdout
    const previous = /^previous ([0-9a-f]{40})/m.exec(await state())?.[1] ?? ''
    expect((await deploy('commit', previous)).code).toBe(0)
    expect(await read('public/index.html')).toBe('pushed\n')
    expect(await read('public/old.html')).toBe('old\n')
    const forth = /^previous ([0-9a-f]{40})/m.exec(await state())?.[1] ?? ''
    expect((await deploy('commit', forth)).code).toBe(0)
    expect(await read('public/index.html')).toBe('second\n')
    expect((await deploy('commit', 'f'.repeat(40))).code).toBe(30)
  })

  test('another branch is kept and not deployed', async () => {
    const { code, stderr } = await git('alice', 'push', 'site', 'main:refs/heads/draft')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('not deployed')
    expect((await agent.engine.ssh('work')).request).toBeUndefined()
  })

  test('a clone has everything', async () => {
    const target = join(folder, 'again')
    const command = ['ssh', ...options('bob')].join(' ')
    const url = 'ssh://git@10.1.1.50/whatever.git'
    const { code, stderr } = await agent.inside('env', `GIT_SSH_COMMAND=${command}`, 'git', 'clone', '-q', url, target)
    expect(code, stderr).toBe(0)
    expect(await readFile(join(target, 'public/index.html'), 'utf8')).toBe('second\n')
  })

  async function waitForRequest() {
    let found: Awaited<ReturnType<typeof agent.engine.ssh>>['request']
    await until('the push asks to be deployed', async () => {
      found = (await agent.engine.ssh('work')).request
      return found !== undefined
    })
    if (!found) throw new Error('no request')
    return found
  }
})

test('an answer of the site that is none changes nothing', async () => {
  await until('everybody has gone', async () => (await agent.engine.ssh('work')).sessions.length === 0)
  const say = (text: string) =>
    execIn(agent, 'work', ['sh', '-c', 'printf "%s" "$1" >/var/lib/ruche/git/request', 'sh', text])
  for (const text of [
    'x y z',
    `1-1 ${'g'.repeat(40)} -`,
    'open 1 Accepted password for site from 1.2.3.4 port 1 ssh2',
  ]) {
    await say(text)
    expect(await agent.engine.ssh('work')).toEqual({ sessions: [] })
  }
  await execIn(agent, 'work', ['sh', '-c', 'rm /var/lib/ruche/git/request; mkfifo /var/lib/ruche/git/request'])
  expect(await agent.engine.ssh('work')).toEqual({ sessions: [] })
  await execIn(agent, 'work', ['ln', '-sf', '/run/ruche/settings/database_password', '/var/lib/ruche/git/request'])
  expect(await agent.engine.ssh('work')).toEqual({ sessions: [] })
  await execIn(agent, 'work', ['rm', '-f', '/var/lib/ruche/git/request'])
})
