import { expect, test } from 'vitest'
import { parseConfiguration } from '../configuration/read-configuration.js'
import { planFolders } from './folders.js'
import { planCgroupName, planPaths } from './paths.js'
import { type Findings, planAgentSettings, planServerSettings } from './plan-settings.js'

const findings = (fields: Partial<Findings> = {}): Findings => ({
  paths: planPaths('/x'),
  built: { agent: '/p/agent.mjs', launcher: '/p/launch', recipes: '/p/templates', app: '/p/app' },
  configuration: parseConfiguration('x', '[host]\nhttp_port = 8080', {}),
  publicSide: { uplink: 'eth0', ipv4: ['203.0.113.10'], ipv6: ['2001:db8::10'] },
  loopback: ['127.0.0.1', '::1'],
  resolvers: ['192.0.2.53'],
  nginx: '/usr/sbin/nginx',
  diskTotalBytes: 100 * 1024 ** 3,
  sampleAccounts: [],
  demo: false,
  ...fields,
})

test('outside a demonstration the public addresses are served', () => {
  expect(planServerSettings(findings()).listen).toEqual(['203.0.113.10', '2001:db8::10', '127.0.0.1', '::1'])
  expect(planAgentSettings(findings()).network).toMatchObject({
    uplink: 'eth0',
    publicIpv4: ['203.0.113.10'],
    publicIpv6: ['2001:db8::10'],
    httpPort: 8080,
    resolvers: ['192.0.2.53'],
  })
})

test('a demonstration serves this machine only, and its sites still get out', () => {
  const demo = findings({ demo: true })
  expect(planServerSettings(demo).listen).toEqual(['127.0.0.1', '::1'])
  expect(planAgentSettings(demo).network).toMatchObject({
    uplink: 'eth0',
    servesUplink: false,
    publicIpv4: [],
    publicIpv6: [],
  })
})

test('resolvers of the configuration go over those that were found', () => {
  const configuration = parseConfiguration('x', '[network]\nresolvers = ["198.51.100.1"]', {})
  expect(planAgentSettings(findings({ configuration })).network.resolvers).toEqual(['198.51.100.1'])
})

test('the reserve is a twentieth of the disk, within bounds', () => {
  const reserve = (gib: number) =>
    planAgentSettings(findings({ diskTotalBytes: gib * 1024 ** 3 })).diskReserveBytes / 1024 ** 3
  expect([1, 100, 1000].map(reserve)).toEqual([0.5, 5, 10])
})

test('each root has folders and cgroups of its own', () => {
  expect(planPaths(undefined)).toMatchObject({ lib: '/var/lib/ruche', agentSocket: '/run/ruche/agent.sock' })
  expect(planPaths('/x')).toMatchObject({ lib: '/x/lib', serverSettings: '/x/run/server.json' })
  expect(planCgroupName(undefined)).toBe('ruche')
  expect(planCgroupName('/x')).toMatch(/^ruche-[0-9a-f]{8}$/)
  expect(planCgroupName('/x')).not.toBe(planCgroupName('/y'))
})

test('folders come parents first, and nobody but root can replace the settings', () => {
  const folders = planFolders(planPaths('/x'), { name: 's', uid: 1, gid: 2 }, { name: 'p', uid: 3, gid: 4 })
  const paths = folders.map(({ path }) => path)
  expect(paths.indexOf('/x')).toBeLessThan(paths.indexOf('/x/lib'))
  expect(paths.indexOf('/x/run')).toBeLessThan(paths.indexOf('/x/run/proxy'))
  expect(folders.find(({ path }) => path === '/x/run')).toEqual({ path: '/x/run', mode: 0o1771, uid: 0, gid: 2 })
  expect(folders.find(({ path }) => path === '/x/lib/agent')).toMatchObject({ mode: 0o700, uid: 0 })
})
