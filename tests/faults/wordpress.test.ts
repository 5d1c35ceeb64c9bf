import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'
import { succeed } from '../helpers/programs.js'

const HOST = `blog.${BASE_DOMAIN}`
/** Debian's packages of WordPress: scripts/test.mjs fetches them, because a test's own network leads nowhere. */
const packages = resolve('.cache/wordpress')

const CONFIG = `<?php
define('DB_NAME', getenv('DATABASE_NAME'));
define('DB_USER', getenv('DATABASE_USER'));
define('DB_PASSWORD', getenv('DATABASE_PASSWORD'));
define('DB_HOST', getenv('DATABASE_HOST'));
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`

let platform: Platform
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp('/tmp/ruche-wordpress-')
  platform = await startPlatform()
  await platform.resolve(HOST)
})
afterAll(async () => {
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

/** WordPress as an owner would put it into his document root: links followed, nothing outside of it. */
async function packWordpress(): Promise<string> {
  const names = (await succeed('find', [packages, '-name', '*.deb'])).trim().split('\n')
  for (const name of names) await succeed('dpkg-deb', ['-x', name, join(folder, 'tree')])
  const archive = join(folder, 'wordpress.tar')
  const from = join(folder, 'tree/usr/share/wordpress')
  await succeed('tar', ['-chf', archive, '--exclude=./.htaccess', '--exclude=./wp-config.php', '-C', from, '.'])
  return archive
}

const inSite = (script: string, argv: string[] = []) =>
  platform.ruche('exec', 'blog', '--', 'sh', '-c', script, 'sh', ...argv)

async function sendBySftp(file: string): Promise<void> {
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  await platform.json('sftp', 'blog', '--add-key', (await readFile(join(folder, 'key.pub'), 'utf8')).trim())
  const { sftp_port: port } = await platform.json<{ sftp_port: number }>('show', 'blog')
  const options = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${folder}/known`, 'IdentitiesOnly=yes']
  const argv = ['sftp', '-b', '-', '-P', `${port}`, '-i', join(folder, 'key')]
  const sent = await platform.network.run(
    platform.network.visitor,
    [...argv, ...options.flatMap((option) => ['-o', option]), `site@${HOST}`],
    { input: `put ${file} wordpress.tar\n` },
  )
  expect(sent.code, sent.stderr).toBe(0)
}

test('WordPress from Debian’s archive is installed into a PHP and MariaDB site and works over HTTPS', async () => {
  await platform.json('create', 'blog', '--language', 'php', '--database', 'mariadb', '--memory', '256M')
  const archive = await packWordpress()
  await sendBySftp(archive)
  expect((await inSite('cd && tar -xf wordpress.tar -C public && rm wordpress.tar')).code).toBe(0)
  expect((await inSite('cd && printf %s "$1" >public/wp-config.php', [CONFIG])).code).toBe(0)
  const form = ['weblog_title=Bees', 'user_name=keeper', 'admin_email=keeper@example.test', 'blog_public=0']
  const password = 'Long0Enough0Password'
  const fields = [...form, `admin_password=${password}`, `admin_password2=${password}`].flatMap((pair) => [
    '--data-urlencode',
    pair,
  ])
  const installed = await platform.curl('--fail', ...fields, `https://${HOST}/wp-admin/install.php?step=2`)
  expect(installed.stdout, installed.stderr).toContain('WordPress has been installed')
  const page = await platform.curl('--fail', `https://${HOST}/`)
  expect(page.stdout, `${page.code} ${page.stderr} ${(await platform.ruche('logs', 'blog')).stdout}`).toMatch(
    /<title>Bees/,
  )
  // It knows that it is visited over HTTPS, and nothing in the page leads elsewhere.
  expect(page.stdout).toContain(`https://${HOST}/wp-includes/`)
  expect(page.stdout).not.toContain(`http://${HOST}/`)
  const cookies = join(folder, 'cookies')
  const login = ['-c', cookies, '-b', cookies, '-b', 'wordpress_test_cookie=WP%20Cookie%20check', '-L']
  const inside = await platform.curl(
    ...login,
    ...['log=keeper', `pwd=${password}`, `redirect_to=https://${HOST}/wp-admin/`].flatMap((pair) => [
      '--data-urlencode',
      pair,
    ]),
    `https://${HOST}/wp-login.php`,
  )
  expect(inside.stdout).toMatch(/Dashboard/)
})
