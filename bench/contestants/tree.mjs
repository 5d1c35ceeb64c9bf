import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { run } from '../run.mjs'

/** First host id of those that the peers' user namespaces get. */
export const FIRST_ID = 600_000
export const IDS = 65_536
const TEMPLATES = process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'

/**
 * What the others start: PHP-FPM, then nginx, as Debian would, from the packages and configuration of the same template; TERM ends both in good order.
 * FPM takes its file of the number away with its last act.
 */
const START = `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
trap 'kill -QUIT $nginx $(cat /run/php/pid)' TERM
cp -dR --preserve=mode,ownership /usr/share/ruche/run/. /run/
echo 'geo $realip_remote_addr $from_front { default 0; }' >/run/nginx/front.conf
echo 'pm.max_children = 4' >/run/php/pool.conf
s6-setuidgid 1000:1000 php-fpm --daemonize --pid /run/php/pid --fpm-config /etc/ruche/php-fpm.conf
nginx -e stderr -g 'user www-data;' &
nginx=$!
wait
while [ -e /run/php/pid ]; do sleep 0.002; done
`

/** The template nginx-php-none as a tree that any program can start: with a page, and START. Twice: as it is, and with the ids of a user namespace. */
export async function prepareTrees(folder) {
  const trees = { plain: join(folder, 'plain'), shifted: join(folder, 'shifted') }
  const stack = join(TEMPLATES, 'stacks/nginx-php-none.json')
  if (!existsSync(stack)) throw new Error('build the template first: ruche template build nginx-php-none')
  const { digest } = JSON.parse(readFileSync(stack, 'utf8'))
  await run('cp', ['-a', join(TEMPLATES, digest, 'tree'), trees.plain])
  const inside = (path) => join(trees.plain, path)
  for (const [from, to] of [
    ['seed/home', 'home/site'],
    ['keep/var/log', 'var/log'],
    ['keep/var/lib/ruche', 'var/lib/ruche'],
  ])
    await run('cp', ['-a', `${inside(join('usr/share/ruche', from))}/.`, inside(to)])
  const fpm = inside('etc/ruche/php-fpm.conf')
  const text = readFileSync(fpm, 'utf8')
  writeFileSync(fpm, text.replace(/^error_log = .*$/m, 'error_log = /var/log/php/error.log'))
  await run('chown', ['-R', '1000:1000', inside('var/log/php')])
  writeFileSync(inside('start'), START)
  chmodSync(inside('start'), 0o755)
  await run('cp', ['-a', trees.plain, trees.shifted])
  shift(trees.shifted)
  return trees
}

/** Adds FIRST_ID to every owner and group below a folder. */
function shift(path) {
  const { uid, gid } = lstatSync(path)
  lchownSync(path, uid + FIRST_ID, gid + FIRST_ID)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const at = join(path, entry.name)
    if (entry.isDirectory()) shift(at)
    else {
      const own = lstatSync(at)
      lchownSync(at, own.uid + FIRST_ID, own.gid + FIRST_ID)
    }
  }
}

/** Folders of an overlay of one site, for `uid`. */
export function makeOverlay(folder, uid = 0) {
  for (const name of ['upper', 'work', 'merged']) {
    mkdirSync(join(folder, name), { recursive: true })
    lchownSync(join(folder, name), uid, uid)
  }
  return { upper: join(folder, 'upper'), work: join(folder, 'work'), merged: join(folder, 'merged') }
}
