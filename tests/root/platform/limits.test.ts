import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { until } from '../../helpers/programs.js'

const HOST = `shop.${BASE_DOMAIN}`
const BUSY = 'my $end = time + 4; 1 while time < $end; my ($user, $system) = times; printf "%.2f", $user + $system'
const HOARD = 'my @kept; for my $n (1 .. 300) { push @kept, "x" x 1048576; } print "kept"; sleep 1'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(HOST)
  await platform.json(
    'create',
    'shop',
    '--language',
    'php',
    '--database',
    'mariadb',
    '--cpu',
    '0.5',
    '--memory',
    '256M',
    '--disk',
    '300M',
  )
})
afterAll(() => platform?.close())

const inside = (...argv: string[]) => platform.ruche('exec', 'shop', '--', ...argv)
const answers = async () => (await platform.curl('--fail', '-o', '/dev/null', `https://${HOST}/`)).code === 0

test('a busy loop gets half a core', async () => {
  const { code, stdout, stderr } = await inside('perl', '-e', BUSY)
  expect(code, stderr).toBe(0)
  // 4 s of wall time at half a core are 2 s; the loop starts anywhere in a period, so the band is wide.
  expect(Number(stdout)).toBeGreaterThan(1)
  expect(Number(stdout)).toBeLessThan(2.6)
})

test('300 MB in a site of 256 MB are killed inside, and the site recovers by itself', async () => {
  const { code, stdout } = await inside('perl', '-e', HOARD)
  expect(code).not.toBe(0)
  expect(stdout).not.toContain('kept')
  await until('the site answers again', answers, 60_000)
  await until('the kill is counted', async () => {
    const { usage } = await platform.json<{ usage: { oom_kills: number } }>('show', 'shop')
    return usage.oom_kills > 0
  })
})

test('400 MB on a disk of 300 MB stop at the quota, the host is untouched, the site can still be handled', async () => {
  const free = async () => Number(/MemAvailable:\s+(\d+)/.exec(await readFile('/proc/meminfo', 'utf8'))?.[1])
  expect(await free()).toBeGreaterThan(0)
  const { code, stderr } = await inside('dd', 'if=/dev/zero', 'of=/home/site/public/big', 'bs=1M', 'count=400')
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/No space left on device/)
  expect((await platform.json<{ sites: { id: string }[] }>('list')).sites.map(({ id }) => id)).toContain('shop')
  await platform.json('stop', 'shop')
  await platform.json('start', 'shop')
  await platform.json('files', 'shop', 'rm', 'public/big')
  await until('the site answers again', answers, 60_000)
  await platform.json('destroy', 'shop', '--yes', '--purge')
})
