import { describe, expect, it } from 'vitest'
import { parseIpNetwork } from './ip-network.js'
import { Redirect } from './redirect.js'
import { DEFAULT_SETTINGS, readSettings, writeSettings } from './site-settings.js'

describe('networks', () => {
  it.each([
    ['192.0.2.77', '192.0.2.77'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    [' 10.9.8.7/9 ', '10.0.0.0/9'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:1:2:3::/64', '2001:db8:1:2::/64'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ])('%s is %s', (text, canonical) => expect(parseIpNetwork(text)).toBe(canonical))

  it.each([
    '',
    'all',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/8/8',
    '::1/129',
    'fe80::1%eth0',
    '1.2.3.4; allow all',
    '01.2.3.4',
  ])('%j is none', (text) => expect(parseIpNetwork(text)).toBeUndefined())
})

describe('redirects', () => {
  const read = (from: string, to: string) => {
    const { data, error } = Redirect.safeParse({ from, to, status: 301 })
    return data ? [data.from, data.to] : error?.issues[0]?.message
  }

  it('are written as addresses are', () => {
    expect(read('/café au lait', 'https://Example.org')).toEqual(['/caf%C3%A9%20au%20lait', 'https://example.org/'])
    expect(read('/a/../b', '/c?d=é#f')).toEqual(['/b', '/c?d=%C3%A9#f'])
    expect(read('/old/*', '/new/*')).toEqual(['/old/*', '/new/*'])
  })

  it.each([
    ['old', '/new'],
    ['//old', '/new'],
    ['/old?a', '/new'],
    ['/o*d', '/new'],
    ['/old', '//evil.test/'],
    ['/old', '/\\evil.test/'],
    ['/old', 'javascript:alert(1)'],
    ['/old', 'https://a:b@evil.test/'],
    ['/old', '/new*'],
    ['/old', '/old'],
    ['/old/*', '/old/new'],
    ['/old', '/$host'],
    ['/old', '/{a}$'],
    ['/$uri', '/new'],
    ["/'old", '/new'],
  ])('%s to %s is refused', (from, to) => expect(read(from, to)).toEqual(expect.any(String)))

  it('hold nothing that ends a word', () => {
    const answers = ['/a";return 200 "b', "/a';b", '/a\\nb', '/a{b}', '/a`b', '/a\nb'].map((text) => read(text, '/new'))
    for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(/[;'`{}\n]|\\[^\\"]|" /)
  })
})

describe('what the register holds', () => {
  it('is only what differs', () => {
    const settings = { ...DEFAULT_SETTINGS, cacheEpoch: 0, noindex: true, allow: ['10.0.0.0/8'] }
    expect(writeSettings(settings)).toBe('{"allow":["10.0.0.0/8"],"noindex":true}')
    expect(readSettings(writeSettings(settings))).toEqual(settings)
    expect(readSettings('{}')).toEqual({ ...DEFAULT_SETTINGS, cacheEpoch: 0 })
  })

  it.each([
    '',
    'null',
    '{"noindex":"yes"}',
    '{"unheard":1}',
    '{"visitors":"password"}',
    '{"visitors":"people","forceHttps":false}',
    '{"visitors":"people","cache":"seconds"}',
    '{"passwordHash":"secret"}',
    '{"allow":["all; }"]}',
  ])('AGT-5: is not served when it is %s', (stored) => expect(readSettings(stored)).toBeUndefined())
})
