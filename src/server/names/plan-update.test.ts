import { expect, test } from 'vitest'
import { readRefusal, renderText, renderUpdate } from './nsupdate.js'
import { planUpdate, spellContent } from './plan-update.js'

const SETTINGS = {
  server: '192.0.2.53',
  port: 5353,
  zone: 'sites.example.org',
  keyFile: '/key',
  ttlSeconds: 60,
  ipv4: ['203.0.113.10'],
  ipv6: ['2001:db8:1::10'],
}
const content = spellContent(SETTINGS)
const known = (name: string, said: string | null) => ({ name, content: said, updated_at: null })

test('what was confirmed and is wanted is left alone; twice changes nothing', () => {
  const plan = planUpdate(SETTINGS, ['a.sites.example.org'], [known('a.sites.example.org', content)])
  expect(plan).toEqual({ added: [], announce: [], withdraw: [] })
})

test('new names, names of unknown state and names with other addresses are announced; names that nobody wants are withdrawn', () => {
  const records = [known('a', null), known('b', '60 198.51.100.1'), known('gone', content), known('half-gone', null)]
  const plan = planUpdate(SETTINGS, ['a', 'b', 'new'], records)
  expect(plan.added).toEqual(['new'])
  expect(plan.announce.map(({ name }) => name)).toEqual(['a', 'b', 'new'])
  expect(plan.withdraw).toEqual([
    { name: 'gone', ipv4: [], ipv6: [] },
    { name: 'half-gone', ipv4: [], ipv6: [] },
  ])
})

test('an update replaces both types of a name in one message', () => {
  const { ipv4, ipv6 } = SETTINGS
  expect(
    renderUpdate(SETTINGS, [
      { name: 'gone.sites.example.org', ipv4: [], ipv6: [] },
      { name: 'shop.sites.example.org', ipv4, ipv6 },
    ]),
  ).toBe(`server 192.0.2.53 5353
zone sites.example.org.
update delete gone.sites.example.org. A
update delete gone.sites.example.org. AAAA
update delete shop.sites.example.org. A
update delete shop.sites.example.org. AAAA
update add shop.sites.example.org. 60 A 203.0.113.10
update add shop.sites.example.org. 60 AAAA 2001:db8:1::10
send
`)
})

test.each([
  [
    '; TSIG error with server: tsig indicates error\nupdate failed: NOTAUTH(BADKEY)\n',
    'NOTAUTH(BADKEY), tsig indicates error',
  ],
  ['update failed: REFUSED\n', 'REFUSED'],
  ['; Communication with 192.0.2.53#53 failed: timed out\ncould not reach any name server\n', 'no answer: timed out'],
  ['could not read key from /key: file not found\n', 'could not read key from /key: file not found'],
  ['', 'no answer'],
])('%j is told as %s', (said, told) => expect(readRefusal(said)).toBe(told))

test('the texts of a name replace what it had, and none that could be read otherwise is written', () => {
  expect(renderText(SETTINGS, '_acme-challenge.sites.example.org', ['Ab-_9', 'second'])).toBe(`server 192.0.2.53 5353
zone sites.example.org.
update delete _acme-challenge.sites.example.org. TXT
update add _acme-challenge.sites.example.org. 60 TXT "Ab-_9"
update add _acme-challenge.sites.example.org. 60 TXT "second"
send
`)
  expect(() => renderText(SETTINGS, 'a', ['x"\nupdate delete b. A'])).toThrow()
})
