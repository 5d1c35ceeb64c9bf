import { expect, test } from 'vitest'
import { findSuite, renderSources } from './debian-sources.js'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const stanza = (release: string, more: Record<string, string> = {}) =>
  Object.entries({
    Origin: 'Debian',
    Trusted: 'yes',
    'Repo-URI': 'http://mirror.test/debian/',
    Release: release,
    Component: 'main',
    ...more,
  })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
const render = (...stanzas: string[]) => renderSources(stanzas.join('\n\n'), 'bookworm', KEYRING)

test('the release, its updates and its security updates, from where this host gets them', () => {
  const security = { 'Repo-URI': 'http://mirror.test/debian-security/' }
  expect(render(stanza('bookworm'), stanza('bookworm-updates'), stanza('bookworm-security', security))).toEqual([
    `deb [signed-by=${KEYRING}] http://mirror.test/debian-security/ bookworm-security main`,
    `deb [signed-by=${KEYRING}] http://mirror.test/debian/ bookworm main`,
    `deb [signed-by=${KEYRING}] http://mirror.test/debian/ bookworm-updates main`,
  ])
})

test('components of one archive are one line', () => {
  expect(render(stanza('bookworm'), stanza('bookworm', { Component: 'contrib' }), stanza('bookworm'))).toEqual([
    `deb [signed-by=${KEYRING}] http://mirror.test/debian/ bookworm contrib main`,
  ])
})

test.each([
  ['a third party that calls its suite like Debian', stanza('bookworm', { Origin: 'deb.sury.example' })],
  ['backports', stanza('bookworm-backports')],
  ['proposed updates', stanza('bookworm-proposed-updates')],
  ['another release', stanza('sid')],
  ['an archive that is not signed', stanza('bookworm', { Trusted: 'no' })],
  ['lists that were never fetched', stanza('bookworm', { Origin: '' })],
])('left out: %s', (_what, text) => {
  expect(render(text)).toEqual([])
})

test('without the archive keyring apt falls back on the keys that it trusts', () => {
  expect(renderSources(stanza('bookworm'), 'bookworm', undefined)).toEqual([
    'deb http://mirror.test/debian/ bookworm main',
  ])
})

test('the suite is the host’s, and the host must be Debian', () => {
  expect(findSuite('PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian\n')).toBe('trixie')
  expect(() => findSuite('ID=ubuntu\nVERSION_CODENAME=noble\nID_LIKE=debian\n')).toThrow('runs something else')
})
