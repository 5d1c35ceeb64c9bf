import { expect, test } from 'vitest'
import { planProxyArgs } from './proxy-process.js'

test('nginx gets its own user, one capability, and no way to any other', () => {
  expect(
    planProxyArgs(
      { user: 'ruche-proxy', folder: '/var/lib/ruche/proxy', program: '/usr/sbin/nginx' },
      { uid: 998, gid: 997 },
    ),
  ).toEqual([
    '--reuid=998',
    '--regid=997',
    '--init-groups',
    '--no-new-privs',
    '--inh-caps=-all,+net_bind_service',
    '--ambient-caps=-all,+net_bind_service',
    '--bounding-set=-all,+net_bind_service',
    '--',
    '/usr/sbin/nginx',
    '-e',
    'stderr',
    '-p',
    '/var/lib/ruche/proxy/current',
    '-c',
    'nginx.conf',
    '-g',
    'daemon off;',
  ])
})
