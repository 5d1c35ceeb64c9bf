import { expect, test } from 'vitest'
import { planDebootstrap, planMmdebstrap } from './package-tree.js'

const sources = {
  suite: 'bookworm',
  architecture: 'amd64',
  lines: [
    'deb [signed-by=/k.gpg] http://mirror.test/debian-security/ bookworm-security main',
    'deb [signed-by=/k.gpg] http://mirror.test/debian/ bookworm main',
    'deb [signed-by=/k.gpg] http://mirror.test/debian/ bookworm-updates main',
  ],
}

test('mmdebstrap makes Debian’s essential packages and the base recipe’s, without documentation', () => {
  const args = planMmdebstrap('/t', sources, ['s6', 'zstd'], { acquire: '/a.conf', sources: '/s.list' })
  expect(args).toContain('--variant=essential')
  expect(args).toContain('--include=s6,zstd')
  expect(args).toContain('--dpkgopt=path-exclude=/usr/share/man/*')
  expect(args.slice(-3)).toEqual(['bookworm', '/t', '/s.list'])
})

test('debootstrap takes the release itself, not its updates', () => {
  expect(planDebootstrap('/t', sources)).toEqual([
    '--variant=minbase',
    '--arch=amd64',
    '--keyring=/k.gpg',
    'bookworm',
    '/t',
    'http://mirror.test/debian/',
  ])
})
