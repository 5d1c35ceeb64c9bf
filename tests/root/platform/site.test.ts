import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { finish, succeed, until } from '../../helpers/programs.js'

const HOST = `shop.${BASE_DOMAIN}`

interface ShownSite {
  id: string
  state: string
  ipv4: string
  ipv6: string
  sftp_port: number
  domains: string[]
  limits: { cpu_milli: number; memory_bytes: number; disk_bytes: number }
  uid_base: number
}

let platform: Platform
let folder = ''
beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp('/tmp/ruche-site-')
  await platform.resolve(HOST)
  await platform.json(
    'create',
    'shop',
    '--server',
    'nginx',
    '--language',
    'php',
    '--database',
    'mariadb',
    '--cpu',
    '0.5',
    '--memory',
    '256M',
  )
})
afterAll(async () => {
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

const visits = (page: string): number => Number(/id="visits">(\d+)</.exec(page)?.[1])
const sftp = async (options: string[], batch: string, environment: string[] = []) => {
  const { sftp_port: port } = await platform.json<ShownSite>('show', 'shop')
  const fixed = ['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${folder}/known`, '-o', 'LogLevel=ERROR']
  const argv = [...environment, 'sftp', '-P', `${port}`, ...fixed, ...options, `site@${HOST}`]
  return platform.network.run(platform.network.visitor, argv, { input: batch })
}

const platformSettings = async () =>
  JSON.parse(await readFile(join(platform.root, 'run/agent.json'), 'utf8')) as { cgroup: string }

describe('a created site', () => {
  test.each(['-4', '-6'])(
    'answers by name over HTTPS, %s, the CA trusted, and counts its visits in the database',
    async (family) => {
      const first = await platform.curl(family, '--fail', `https://${HOST}/`)
      const second = await platform.curl(family, '--fail', `https://${HOST}/`)
      expect([first.code, second.code], first.stderr).toEqual([0, 0])
      expect(visits(second.stdout)).toBe(visits(first.stdout) + 1)
    },
  )

  test.each(['-4', '-6'])('answers over HTTP, %s, by leading to HTTPS', async (family) => {
    const plain = await platform.curl(
      family,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{redirect_url}',
      `http://${HOST}/a?b=c`,
    )
    expect(plain.stdout).toBe(`308 https://${HOST}/a?b=c`)
    const followed = await platform.curl(family, '-L', '-o', '/dev/null', '-w', '%{http_code}', `http://${HOST}/`)
    expect(followed.stdout).toBe('200')
  })

  test('speaks HTTP/2', async () => {
    const { stdout } = await platform.curl('--http2', '-o', '/dev/null', '-w', '%{http_version}', `https://${HOST}/`)
    expect(stdout).toBe('2')
  })

  test('is shown with its addresses, port, domain, state and limits', async () => {
    const shop = await platform.json<ShownSite>('show', 'shop')
    expect(shop).toMatchObject({
      id: 'shop',
      state: 'running',
      limits: { cpu_milli: 500, memory_bytes: 256 * 1024 ** 2 },
    })
    expect(shop.ipv4).toMatch(/^10\.1\.1\.(?:[2-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/)
    expect(shop.ipv6).toMatch(/^fd00:10:1:1::/)
    expect(shop.domains).toContain(HOST)
    expect(shop.sftp_port).toBeGreaterThanOrEqual(22_000)
  })

  test('an unknown host gets nothing, with and without TLS, but a page of ours below the platform’s own', async () => {
    await platform.resolve(`nobody.${BASE_DOMAIN}`, 'other.test')
    for (const scheme of ['http', 'https']) {
      const { stdout } = await platform.curl('-w', ' %{http_code}', `${scheme}://nobody.${BASE_DOMAIN}/`)
      expect(stdout).toMatch(/There is no site here[\s\S]* 404$/)
    }
    for (const url of ['http://other.test/', 'https://other.test/']) {
      const { code, stdout } = await platform.curl(url)
      expect([52, 35, 92, 56], `${url}: ${code}`).toContain(code)
      expect(stdout).toBe('')
    }
  })
})

describe('SFTP', () => {
  test('with the password uploads a file that the web serves', async () => {
    const access = await platform.json<{ password: string }>('sftp', 'shop')
    await writeFile(join(folder, 'note.txt'), 'by password\n')
    const environment = ['env', `SSH_ASKPASS=${folder}/answer`, 'SSH_ASKPASS_REQUIRE=force', 'DISPLAY=none']
    await writeFile(join(folder, 'answer'), `#!/bin/sh\nprintf '%s\\n' '${access.password}'\n`, { mode: 0o700 })
    const { code, stderr } = await sftp(
      ['-o', 'PubkeyAuthentication=no'],
      `put ${folder}/note.txt public/note.txt\n`,
      environment,
    )
    expect(code, stderr).toBe(0)
    expect((await platform.curl('--fail', `https://${HOST}/note.txt`)).stdout).toBe('by password\n')
  })

  test('with a key, and not with another', async () => {
    for (const name of ['mine', 'other'])
      await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    await platform.json('sftp', 'shop', '--add-key', (await readFile(join(folder, 'mine.pub'), 'utf8')).trim())
    await writeFile(join(folder, 'key.txt'), 'by key\n')
    const batch = `put ${folder}/key.txt public/key.txt\nls /home/site\n`
    const good = await sftp(['-b', '-', '-i', join(folder, 'mine'), '-o', 'IdentitiesOnly=yes'], batch)
    expect(good.code, good.stderr).toBe(0)
    expect(good.stdout).toContain('/home/site/public')
    expect((await platform.curl('--fail', `https://${HOST}/key.txt`)).stdout).toBe('by key\n')
    const bad = await sftp(['-b', '-', '-i', join(folder, 'other'), '-o', 'IdentitiesOnly=yes'], batch)
    expect(bad.code).not.toBe(0)
  })

  test('gives no shell', async () => {
    const { sftp_port: port } = await platform.json<ShownSite>('show', 'shop')
    const options = [
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      `UserKnownHostsFile=${folder}/known`,
      '-i',
      join(folder, 'mine'),
      '-o',
      'BatchMode=yes',
    ]
    const { stdout } = await platform.network.run(platform.network.visitor, [
      'ssh',
      '-p',
      `${port}`,
      ...options,
      `site@${HOST}`,
      'id',
    ])
    expect(stdout).not.toContain('uid=')
  })
})

describe('isolation of its processes', () => {
  const NAMESPACES = ['mnt', 'pid', 'net', 'uts', 'ipc', 'cgroup', 'user']

  test('every namespace is its own, the filter is on, ten capabilities at most, a range of its own, the cgroup with its limits', async () => {
    const { uid_base: base } = await platform.json<ShownSite>('show', 'shop')
    const php = await findProcess('php-fpm: master')
    for (const space of NAMESPACES) {
      const [own, host] = await Promise.all([link(php, space), link(process.pid, space)])
      expect(own, space).not.toBe(host)
    }
    expect((await readFile(`/proc/${php}/uid_map`, 'utf8')).trim().split(/\s+/)).toEqual(['0', `${base}`, '65536'])
    const status = await readFile(`/proc/${php}/status`, 'utf8')
    expect(status).toMatch(/^Seccomp:\s+2$/m)
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
    const bounding = BigInt(`0x${/^CapBnd:\s+(\w+)$/m.exec(status)?.[1]}`)
    expect(bounding.toString(2).replaceAll('0', '').length).toBeLessThanOrEqual(10)
    expect(await readFile(`/proc/${php}/cgroup`, 'utf8')).toContain('/shop')
  })

  async function findProcess(title: string): Promise<number> {
    const { stdout } = await finish('ps', ['-eo', 'pid,args'])
    const pids = stdout
      .split('\n')
      .filter((text) => text.includes(title))
      .map((line) => Number(line.trim().split(/\s+/)[0]))
    const { cgroup } = await platformSettings()
    for (const pid of pids)
      if ((await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')).includes(`/${cgroup}/shop`)) return pid
    throw new Error(`no ${title} in ${cgroup}:\n${stdout}`)
  }

  async function link(pid: number, space: string): Promise<string> {
    return (await succeed('readlink', [`/proc/${pid}/ns/${space}`])).trim()
  }
})

describe('stop and start', () => {
  test('CRA-12: the database is shut down cleanly, the visitor is told in plain words, and the data is there again', async () => {
    const before = visits((await platform.curl('--fail', `https://${HOST}/`)).stdout)
    await platform.json('stop', 'shop')
    const page = await platform.curl('-w', '\n%{http_code}', '-H', 'Accept-Language: fr', `https://${HOST}/`)
    expect(page.stdout).toMatch(/\n503$/)
    expect(page.stdout).toContain('lang="fr"')
    await platform.json('start', 'shop')
    expect(visits((await platform.curl('--fail', `https://${HOST}/`)).stdout)).toBe(before + 1)
    const { stdout } = await platform.ruche('logs', 'shop')
    expect(stdout).toMatch(/Shutdown complete/)
  })

  test('the same verb twice changes nothing', async () => {
    const first = await platform.json<{ started_at: string }>('show', 'shop')
    await platform.json('start', 'shop')
    expect((await platform.json<{ started_at: string }>('show', 'shop')).started_at).toBe(first.started_at)
  })
})

test('create has its steps timed in the log of the operation', async () => {
  const { operations } = await platform.json<{
    operations: { kind: string; subject: string; steps: { name: string; duration_ms: number }[] }[]
  }>('operations')
  const create = operations.find(({ kind, subject }) => kind === 'site.create' && subject === 'shop')
  expect(create?.steps.length).toBeGreaterThanOrEqual(4)
  for (const step of create?.steps ?? []) expect(step.duration_ms).toBeGreaterThanOrEqual(0)
})

// A group goes only when no process is left in it.
test('destroy leaves nothing and frees the name, address and port', async () => {
  await platform.json('destroy', 'shop', '--yes', '--purge')
  expect((await platform.ruche('show', 'shop')).code).toBe(3)
  expect((await platform.curl('--fail', `https://${HOST}/`)).code).not.toBe(0)
  const { cgroup } = await platformSettings()
  expect((await platform.network.run(platform.network.vm, ['ip', '-o', 'link'])).stdout).not.toMatch(/\brv\d/)
  expect((await succeed('losetup', ['-l', '-n', '-O', 'BACK-FILE'])).includes(platform.root)).toBe(false)
  expect((await finish('find', ['/sys/fs/cgroup', '-type', 'd', '-path', `*${cgroup}/shop`])).stdout).toBe('')
  expect((await finish('find', [join(platform.root, 'lib/agent/sites')])).stdout).not.toContain('shop')
  const again = await platform.json<ShownSite>('create', 'shop', '--language', 'static', '--database', 'none')
  expect(again.state).toBe('running')
  await until('the new one answers', async () => (await platform.curl('--fail', `https://${HOST}/`)).code === 0)
})
