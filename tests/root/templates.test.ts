import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAlive } from '../../src/agent/host/processes.js'
import { buildTemplate } from '../../src/agent/rootfs/build-template.js'
import { findTemplate, templateTree } from '../../src/agent/rootfs/template-store.js'
import { findStack } from '../../src/model/stack.js'
import type { TemplateManifest } from '../../src/model/template.js'
import { bringKeptPackages, SHARED_TEMPLATES as templates } from '../helpers/kept-packages.js'
import { succeed, until } from '../helpers/programs.js'
import { makeTempFolder } from '../helpers/temp-folder.js'
import { openTestBed, type TestBed, type TestSite } from './launcher/test-site.js'

const BUILD_LIMIT_MS = 900_000
const PASSWORD = 'Secret0Secret0Secret0'

const stackOf = (name: string) => findStack(name) ?? Promise.reject(new Error(`no stack ${name}`))

/** Built by `ruche template build --all` before any test; this only helps who runs this file alone. */
async function getBuilt(name: string): Promise<TemplateManifest> {
  const stack = await stackOf(name)
  return (
    (await findTemplate(templates, stack)) ?? buildTemplate(templates, resolve('templates'), stack, () => undefined)
  )
}

interface Sites {
  bed: TestBed
  template: TemplateManifest
  image: string
  boot(settings?: Record<string, string>): Promise<TestSite>
}

async function openSites(name: string): Promise<Sites> {
  const template = await getBuilt(name)
  const bed = await openTestBed()
  const image = await bed.makeImage(name, { size: '300M' })
  const uidBase = bed.newBase()
  const boot: Sites['boot'] = async (more = {}) => {
    const settings = { site_name: 'hello', resolver: '10.1.1.1', domains: 'hello.test\n', memory_mb: '256', ...more }
    const { data } = template
    const site = await bed.startSite(image, {
      uidBase,
      data,
      templateTree: templateTree(templates, template.digest),
      settings: { database_password: PASSWORD, ...settings },
    })
    const probes = template.services.flatMap((service) => service.ready)
    const answer = await bed.launcher.ready({ ...site.mark, cgroupProcs: [], probes, timeoutMs: 20_000 })
    if (answer.state !== 'ready') throw new Error(`${JSON.stringify(answer)}\n${await bed.console()}`)
    return site
  }
  return { bed, template, image, boot }
}

/** A clean stop, as the agent asks for it; answers the console's last line. */
async function stop(bed: TestBed, site: TestSite): Promise<string> {
  await bed.launcher.signal(site.mark, 'SIGTERM')
  await until('the site has stopped', async () => !isAlive(site.mark), 40_000)
  return (await bed.console()).trimEnd().split('\n').at(-1) ?? ''
}

/** The answer to one request, headers and all: the tree has no curl, but bash can speak TCP. */
function request(site: TestSite, path: string, headers: string[] = []): Promise<string> {
  const lines = [`GET ${path} HTTP/1.0`, 'Host: hello.test', ...headers].map((line) => `${line}\\r\\n`).join('')
  return bash(site, `exec 3<>/dev/tcp/127.0.0.1/80; printf '${lines}\\r\\n' >&3; cat <&3`)
}

async function bash(site: TestSite, script: string, uid?: number): Promise<string> {
  const { code, stdout, stderr } = await site.inside(['/bin/bash', '-c', script], { uid })
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
  return stdout
}

const visits = (page: string): number => Number(/<output id="visits">(\d+)<\/output>/.exec(page)?.[1])
const status = (answer: string): string => answer.split(' ')[1] ?? ''

describe('nginx, PHP and MariaDB', () => {
  let sites: Sites
  let site: TestSite
  beforeAll(async () => {
    sites = await openSites('nginx-php-mariadb')
    site = await sites.boot({ environment: 'MODE=a "b" $c\\nd\n' })
  }, BUILD_LIMIT_MS)
  afterAll(() => sites.bed.close())

  test('the page counts its visits in the database, over IPv4 and IPv6', async () => {
    expect(visits(await request(site, '/'))).toBe(1)
    const six = `exec 3<>/dev/tcp/::1/80; printf 'GET / HTTP/1.0\\r\\nHost: hello.test\\r\\n\\r\\n' >&3; cat <&3`
    expect(visits(await bash(site, six))).toBe(2)
    const french = await request(site, '/', ['Accept-Language: fr-CA, en;q=0.5'])
    expect(french).toContain('<html lang="fr">')
    expect(french).toContain('hello est en ligne')
  })

  test('the first page knows only its own address, and dot files are not for visitors', async () => {
    await bash(site, 'echo secret > ~/public/.env', 1000)
    expect(status(await request(site, '/nowhere'))).toBe('404')
    expect(status(await request(site, '/.env'))).toBe('404')
    expect(status(await request(site, '/nowhere.php'))).toBe('404')
  })

  test('every program runs as who it must be', async () => {
    const rows = (await site.sh('ps -eo user:20=,comm=')).split('\n').map((line) => line.trim().split(/\s+/))
    const users = (program: string) => [
      ...new Set(rows.filter(([, name]) => name?.startsWith(program)).map(([user]) => user)),
    ]
    expect(users('nginx')).toEqual(['www-data'])
    expect(users('php-fpm')).toEqual(['site'])
    expect(users('mariadbd')).toEqual(['mysql'])
    expect(users('s6-log')).toEqual(['log'])
    expect(users('s6-svscan')).toEqual(['root'])
  })

  test('code gets the owner’s variables, byte for byte, and the database’s', async () => {
    await bash(site, `echo '<?php echo json_encode([getenv("MODE"), getenv("DATABASE_URL")]);' > ~/public/e.php`, 1000)
    const body = (await request(site, '/e.php')).split('\r\n\r\n')[1] ?? ''
    expect(JSON.parse(body)).toEqual(['a "b" $c\nd', `mysql://site:${PASSWORD}@localhost:3306/site`])
    expect(await site.sh('stat -c "%U %a" /home/site/private/database.env')).toBe('site 600')
  })

  test('only the front proxy may say who the visitor is', async () => {
    const script = '<?php echo $_SERVER["REMOTE_ADDR"], " ", $_SERVER["HTTPS"] ?? "-";'
    await bash(site, `echo '${script}' > ~/public/who.php`, 1000)
    const headers = ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: https']
    expect(await request(site, '/who.php', headers)).toContain('127.0.0.1 -')
    await sites.bed.launcher.enter({
      ...site.mark,
      cgroupProcs: [],
      uid: 0,
      gid: 0,
      argv: ['/bin/sh', '-c', 'echo 127.0.0.1 | /usr/lib/ruche/change-setting front_proxy; /usr/lib/ruche/apply live'],
    }).exited
    await until('nginx believes the new front proxy', async () =>
      (await request(site, '/who.php', headers)).includes('203.0.113.9 on'),
    )
  })

  test('sshd answers, with host keys of this site', async () => {
    expect(await bash(site, 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3')).toBe('SSH-2.0-')
    expect(await site.sh('stat -c %a /etc/ssh/site/ssh_host_ed25519_key')).toBe('600')
    expect(await site.sh('ls /etc/ssh')).not.toContain('ssh_host_')
    const config = await site.sh('/usr/sbin/sshd -T -f /etc/ruche/sshd_config -C user=site')
    for (const line of ['disableforwarding yes', 'permittty no', 'usepam no', 'chrootdirectory /srv/sftp'])
      expect(config).toContain(line)
  })

  test('a crashed service comes back', async () => {
    await site.sh('pkill -KILL -x nginx; pkill -KILL -u site php-fpm; pkill -KILL -x mariadbd')
    await until('the page counts again', async () => visits(await request(site, '/')) > 2)
  })

  test('a new database password is in force at once, in the database and in the code', async () => {
    const next = 'Another0Another0'
    await site.sh(`echo -n ${next} | /usr/lib/ruche/change-setting database_password; /usr/lib/ruche/apply live`)
    await until('code has the new password', async () => (await request(site, '/e.php')).includes(`:${next}@`))
    expect(visits(await request(site, '/'))).toBeGreaterThan(2)
    const login = (password: string) =>
      site.inside(['/usr/bin/env', `MYSQL_PWD=${password}`, 'mariadb', '--user=site', '-e', 'SELECT 1', 'site'])
    expect((await login(PASSWORD)).stderr).toContain('Access denied')
    expect((await login(next)).code).toBe(0)
  })

  test('it stops cleanly, and what it knew is there at the next start', async () => {
    const before = visits(await request(site, '/'))
    const key = await site.sh('cat /etc/ssh/site/ssh_host_ed25519_key.pub')
    await bash(
      site,
      'echo mine > ~/private/note; rm ~/public/index.php; echo "<?php echo 7;" > ~/public/index.php',
      1000,
    )
    await site.sh('touch /etc/was-here; chmod 666 /etc/nginx/nginx.conf')
    expect(await stop(sites.bed, site)).toBe('stop: clean')
    site = await sites.boot()
    const log = await site.sh('cat /var/log/mysql/error.log')
    expect(log).toContain('mariadbd: Shutdown complete')
    expect(log.slice(log.lastIndexOf('Shutdown complete'))).not.toContain('recovery')
    expect(await request(site, '/')).toMatch(/\r\n\r\n7$/)
    expect(await site.sh('mariadb -N site -e "SELECT number FROM visits"')).toBe(String(before))
    expect(await site.sh('cat /home/site/private/note /etc/ssh/site/ssh_host_ed25519_key.pub')).toBe(`mine\n${key}`)
    expect(await site.sh('ls /etc/was-here 2>&1 || stat -c %a /etc/nginx/nginx.conf')).toContain('644')
  })

  test('a service that does not stop is killed after its grace, and that is said', async () => {
    await site.sh(
      'pkill -STOP -x mariadbd; echo 300 > /run/service/mariadb/timeout-kill; sed -i "s/^30000 /300 /" /etc/ruche/stop-order',
    )
    // s6-supervise reads the grace when the service starts, so a new one is needed for the shorter one to count.
    await site.sh('pkill -KILL -x mariadbd')
    await until(
      'the database is back',
      async () => (await site.inside(['/usr/bin/mariadb', '-e', 'SELECT 1'])).code === 0,
    )
    await site.sh('pkill -STOP -x mariadbd')
    const hold = 'while :; do pkill -STOP -x mariadbd; done'
    const held = sites.bed.launcher.enter({
      ...site.mark,
      cgroupProcs: [],
      uid: 0,
      gid: 0,
      argv: ['/bin/sh', '-c', hold],
    })
    expect(await stop(sites.bed, site)).toBe('stop: killed mariadb')
    await held.exited
  })
})

describe('nginx alone', () => {
  let sites: Sites
  beforeAll(async () => {
    sites = await openSites('nginx-static-none')
  }, BUILD_LIMIT_MS)
  afterAll(() => sites.bed.close())

  test('a default page that was deleted stays deleted', async () => {
    const first = await sites.boot()
    expect(await request(first, '/')).toContain('Votre site est en ligne')
    await bash(first, 'rm ~/public/index.html; echo gone > ~/public/404.html', 1000)
    expect(await stop(sites.bed, first)).toBe('stop: clean')
    const second = await sites.boot()
    expect(await second.sh('ls /home/site/public')).toBe('404.html')
    expect(status(await request(second, '/'))).toBe('403')
    expect(await request(second, '/nowhere')).toMatch(/^HTTP\/1.1 404 .*gone\n$/s)
    await stop(sites.bed, second)
  })

  test('a site whose disk is full starts, and its owner can come in to make room', async () => {
    const first = await sites.boot()
    await bash(
      first,
      'head -c 400M /dev/zero > ~/fill 2>/dev/null || true; dd if=/dev/zero of=~/fill2 bs=1 count=4096 2>/dev/null || true',
      1000,
    )
    expect(await stop(sites.bed, first)).toBe('stop: clean')
    const second = await sites.boot({ sftp_password_hash: '$6$x$y', sftp_keys: 'ssh-ed25519 AAAA me\n' })
    expect(await second.sh('grep ^site: /etc/shadow; cat /run/ruche/ssh/site')).toBe(
      'site:$6$x$y:20000:0:99999:7:::\nssh-ed25519 AAAA me',
    )
    expect(await bash(second, 'exec 3<>/dev/tcp/127.0.0.1/22; head -c 8 <&3')).toBe('SSH-2.0-')
    await bash(second, 'rm ~/fill ~/fill2', 1000)
    await stop(sites.bed, second)
  })

  test('logs are bounded, and each goes to its folder', async () => {
    const site = await sites.boot()
    const flood =
      'for i in $(seq 60); do head -c 200000 /dev/zero | tr "\\0" "x" | fold -w 99; echo; done > /run/service/log/fifo'
    await site.sh(flood)
    await site.sh('echo "2026/11/23 10:00:00 [error] 1#1: planted" > /run/service/log/fifo')
    await until('nginx’s line is in nginx’s log', async () =>
      (await site.sh('cat /var/log/nginx/current')).includes('planted'),
    )
    expect(Number(await site.sh('du -sb /var/log/system | cut -f1'))).toBeLessThan(4_200_000)
    await stop(sites.bed, site)
  })
})

describe('building', () => {
  test('a tree has no identity of its own, no set-user-id program, no rubbish', async () => {
    const { digest } = await getBuilt('nginx-php-mariadb')
    const tree = templateTree(templates, digest)
    expect(await succeed('find', [tree, '-xdev', '-type', 'f', '-perm', '/6000'])).toBe('')
    expect(await succeed('find', [tree, '-xdev', '-name', 'ssh_host_*'])).toBe('')
    expect(await succeed('find', [tree, '-xdev', '(', '-type', 'b', '-o', '-type', 'c', ')'])).toBe('')
    for (const path of ['var/log', 'var/cache', 'tmp', 'run', 'dev', 'proc'])
      expect(await readdir(join(tree, path))).toEqual([])
  })

  test(
    'an unknown package fails with its name; nothing of it or of an earlier build that died is left',
    async () => {
      const temp = await makeTempFolder('recipes')
      try {
        const recipes = join(temp.path, 'recipes')
        await cp(resolve('templates'), recipes, { recursive: true })
        await writeFile(join(recipes, 'language/static/recipe.json'), '{"summary": "x", "packages": ["no-such-thing"]}')
        const own = join(temp.path, 'templates')
        await bringKeptPackages('nginx-static-none', own)
        await mkdir(join(own, '.building-by-a-dead-one/tree'), { recursive: true })
        const stack = await stackOf('nginx-static-none')
        await expect(buildTemplate(own, recipes, stack, () => undefined)).rejects.toMatchObject({
          code: 'host_failed',
          message:
            'The template nginx-static-none could not be built: the recipe language/static: Unable to locate package no-such-thing',
        })
        // What was fetched and installed on the way is kept for the next build.
        expect((await readdir(own)).sort()).toEqual(['.apt', '.kept', '.lock'])
      } finally {
        await temp.remove()
      }
    },
    BUILD_LIMIT_MS,
  )

  test('a builder that was killed leaves the lock to the next', async () => {
    const temp = await makeTempFolder('templates')
    try {
      const script = `import('${resolve('dist/agent/host/file-lock.js')}').then(({ lockFile }) => lockFile(process.argv[1], () => {})).then(() => console.log('locked'))`
      const holder = spawn(process.execPath, ['-e', script, join(temp.path, '.lock')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(holder.stdout, 'data')
      holder.kill('SIGKILL')
      const { lockFile } = await import('../../src/agent/host/file-lock.js')
      const waited: string[] = []
      const lock = await lockFile(join(temp.path, '.lock'), () => waited.push('a while'))
      await lock.unlock()
      expect(waited).toEqual([])
    } finally {
      await temp.remove()
    }
  })
})
