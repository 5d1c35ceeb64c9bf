import { describe, expect, it } from 'vitest'
import { parseLook } from '../host/container-look.js'
import { findCeilingSigns, findOwnerSigns } from './judge-look.js'
import { findAttemptSigns } from './probe.js'

const ceilings = (which: string) =>
  [
    ...['user', 'net', 'mnt'].map((name) => `${which} max_${name}_namespaces 0`),
    `${which} max_inotify_instances 32`,
    `${which} max_inotify_watches 16384`,
  ].join('\n')
const LOOK = ['owner net host', 'owner mnt host', 'parent outer', ceilings('outer'), ceilings('inner'), ''].join('\n')

const said = (text: string) => {
  const look = parseLook(text)
  return [...findOwnerSigns('shop', look), ...findCeilingSigns('shop', look)].map(
    ({ what, found }) => `${what} ${found}`,
  )
}

describe('what the kernel says of a container', () => {
  it('is all right', () => expect(said(LOOK)).toEqual([]))

  it.each([
    ['owner net host', 'owner net other', 'shop: net owned by the site'],
    ['parent outer', 'parent host', 'shop: user parent host'],
    ['outer max_user_namespaces 0', 'outer max_user_namespaces 7', 'shop: outer max_user_namespaces 7'],
    ['inner max_inotify_instances 32', 'inner max_inotify_instances 128', 'shop: inner max_inotify_instances 128'],
    ['inner max_net_namespaces 0\n', '', 'shop: inner max_net_namespaces –'],
  ])('is not with %s as %s', (from, to, sign) => expect(said(LOOK.replace(from, to))).toEqual([sign]))

  it('is refused when it is not understood', () => expect(() => parseLook('what is this')).toThrow('not understood'))
})

it('a container that was not refused something is told by what it could do', () => {
  const attempts = [
    { kind: 'try', about: 'mount', answer: 'EPERM' },
    { kind: 'try', about: 'bpf', answer: 'done' },
    { kind: 'read', about: '/proc/keys', answer: 'nothing' },
    { kind: 'read', about: '/proc/kallsyms', answer: 'something' },
  ] as const
  expect(findAttemptSigns(attempts).map(({ what }) => what)).toEqual(['bpf', '/proc/kallsyms'])
})
