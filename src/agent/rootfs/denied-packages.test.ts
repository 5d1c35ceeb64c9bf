import { expect, test } from 'vitest'
import { findDeniedContent, findDeniedName } from './denied-packages.js'

test.each([
  'linux-image-amd64',
  'zfs-dkms',
  'initramfs-tools',
  'systemd',
  'systemd-sysv',
  'sysvinit-core',
  'sudo',
  'sudo-ldap',
  'docker.io',
  'lxc',
  'cron',
  'openssh-server',
])('%s has no place in a site', (name) => {
  expect(findDeniedName(name)).toEqual(expect.any(String))
})

test.each([
  'imagemagick',
  'php8.2-imap',
  'linux-libc-dev',
  'git',
  'initscript-tools',
  'supercollider',
  'libsystemd0',
  'atool',
])('%s may be had, as far as its name goes', (name) => {
  expect(findDeniedName(name)).toBeUndefined()
})

const line = (mode: string, path: string): string => `${mode} root/root     31720 2023-02-23 10:00 ${path}`

test.each([
  ['a program of root’s', '-rwsr-xr-x', './usr/bin/thing', 'runs as another user (/usr/bin/thing)'],
  ['a program of a group’s', '-rwxr-sr-x', './usr/bin/thing', 'runs as another user'],
  ['one that nobody may run yet', '-rwSr--r--', './usr/bin/thing', 'runs as another user'],
  ['a device', 'crw-r--r--', './dev/null', 'brings a device'],
  ['a kernel', '-rw-r--r--', './boot/vmlinuz', 'kernel'],
  ['modules', '-rw-r--r--', './usr/lib/modules/6.1/x.ko', 'kernel'],
  ['an init', 'lrwxrwxrwx', './sbin/init -> /lib/systemd/systemd', 'init system'],
])('a package with %s may not be had', (_, mode, path, why) => {
  expect(findDeniedContent(`${line('drwxr-xr-x', './')}\n${line(mode, path)}\n`)).toContain(why)
})

test('an ordinary package may be had', () => {
  const contents = [
    line('drwxr-xr-x', './'),
    line('drwxrwsr-x', './var/local/'),
    line('-rwxr-xr-x', './usr/bin/convert'),
    line('-rw-r--r--', './usr/share/boot/x'),
  ]
  expect(findDeniedContent(`${contents.join('\n')}\n`)).toBeUndefined()
})
