import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'

const NAMES = Array.from({ length: 20 }, (_, n) => `crowd-${n + 1}`)
let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(...NAMES.map((name) => `${name}.${BASE_DOMAIN}`))
})
afterAll(() => platform?.close())

interface Shown {
  id: string
  ipv4: string
  ipv6: string
  sftp_port: number
  uid_base: number
  state: string
}

test('CRA-5: 20 creates at once give 20 distinct ids, addresses, ports, ranges, all live; the same name at once has one winner', async () => {
  const created = await Promise.all(
    NAMES.map((name) =>
      platform.json<Shown>('create', name, '--language', 'php', '--database', 'none', '--memory', '128M'),
    ),
  )
  for (const key of ['id', 'ipv4', 'ipv6', 'sftp_port', 'uid_base'] as const)
    expect(new Set(created.map((site) => site[key])).size, key).toBe(20)
  for (const name of NAMES) {
    const { stdout } = await platform.curl('-o', '/dev/null', '-w', '%{http_code}', `https://${name}.${BASE_DOMAIN}/`)
    expect(stdout, name).toBe('200')
  }
  const rivals = await Promise.all(
    [1, 2, 3, 4].map(() => platform.ruche('create', 'single', '--language', 'static', '--database', 'none')),
  )
  expect(rivals.map(({ code }) => code).sort()).toEqual([0, 4, 4, 4])
})

test('all of them are destroyed at once and nothing is left', async () => {
  const results = await Promise.all(
    [...NAMES, 'single'].map((name) => platform.ruche('destroy', name, '--yes', '--purge')),
  )
  expect(results.map(({ code }) => code)).toEqual(results.map(() => 0))
  expect((await platform.json<{ sites: unknown[] }>('list')).sites).toEqual([])
  expect((await platform.network.run(platform.network.vm, ['ip', '-o', 'link'])).stdout).not.toMatch(/\brv\d/)
})
