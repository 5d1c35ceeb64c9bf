import { expect, test } from 'vitest'
import { findInstalls } from './apt-plan.js'

test('what apt says that it would install, with the version that is there and where the new one comes from', () => {
  const said = [
    'Reading package lists...',
    '1 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.',
    'Inst libc6 [2.36-1] (2.36-9+deb12u14 Debian:12.15/oldstable [amd64])',
    'Inst openssl [3.0.1-1] (3.0.17-1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []',
    'Inst tzdata (2:2025b-0+deb12u2 Debian:12.15/oldstable [all])',
    'Conf libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [amd64])',
    'Inst sample [1.0] (2.0 localhost [all])',
  ].join('\n')
  expect(findInstalls(said)).toEqual([
    { name: 'libc6', from: '2.36-1', to: '2.36-9+deb12u14', architecture: 'amd64', security: false },
    { name: 'openssl', from: '3.0.1-1', to: '3.0.17-1', architecture: 'amd64', security: true },
    { name: 'tzdata', from: undefined, to: '2:2025b-0+deb12u2', architecture: 'all', security: false },
    { name: 'sample', from: '1.0', to: '2.0', architecture: 'all', security: false },
  ])
})
