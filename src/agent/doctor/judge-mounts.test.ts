import { expect, it } from 'vitest'
import { parseMountinfo } from '../host/process-facts.js'
import { findMountSigns } from './judge-mounts.js'

const MOUNTS = `183 63 0:46 / / rw,nosuid,nodev,relatime - overlay root rw
190 183 0:49 / /proc rw,nosuid,nodev,noexec - proc proc rw
191 183 0:50 / /sys ro,nosuid,nodev,noexec - sysfs sysfs ro
192 183 0:51 / /dev rw,nosuid,noexec - tmpfs tmpfs rw
139 190 0:49 /sys /proc/sys ro,nosuid,nodev,noexec - proc proc rw
160 190 0:51 /null /proc/keys rw,nosuid,noexec - tmpfs tmpfs rw
`
const THERE = ['/sys', '/proc/sys', '/proc/keys']
const signs = (text: string) =>
  findMountSigns('shop', parseMountinfo(text), (path) => THERE.includes(path)).map(
    ({ what, found, wanted }) => `${what} ${found} ${wanted}`,
  )

it('mounts of a site are as the launcher makes them', () => expect(signs(MOUNTS)).toEqual([]))

it.each([
  ['ro,nosuid,nodev,noexec - proc', 'rw,nosuid,nodev,noexec - proc', 'shop: /proc/sys rw ro'],
  ['/ rw,nosuid,nodev,relatime', '/ rw,nodev,relatime', 'shop: / suid nosuid'],
  ['/ rw,nosuid,nodev,relatime', '/ rw,nosuid,relatime', 'shop: / dev nodev'],
  ['160 190 0:51 /null /proc/keys rw,nosuid,noexec - tmpfs tmpfs rw\n', '', 'shop: /proc/keys – covered'],
])('with %s as %s they are not', (from, to, sign) => expect(signs(MOUNTS.replace(from, to))).toEqual([sign]))

it('only the mount on top counts', () => {
  expect(signs(`${MOUNTS}207 190 0:49 /sys /proc/sys rw,nosuid,nodev,noexec - proc proc rw\n`)).toEqual([
    'shop: /proc/sys rw ro',
  ])
})
