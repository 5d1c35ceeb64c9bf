import { expect, test } from 'vitest'
import { RecordWish } from './zone-record.js'

const read = (name: string, type: string, value: string) => RecordWish.safeParse({ name, type, value })

test.each([
  ['Mail', 'A', '192.0.2.1', 'mail', '192.0.2.1'],
  ['a.b', 'AAAA', '2001:DB8:0:0::1', 'a.b', '2001:db8::1'],
  ['_x', 'CNAME', 'WWW.Example.ORG.', '_x', 'www.example.org'],
  ['', 'MX', '010   mail.example.org', '@', '10 mail.example.org'],
  ['@', 'MX', '0 .', '@', '0 .'],
  ['_sip._tcp', 'SRV', '0 5 5060 sip.example.org', '_sip._tcp', '0 5 5060 sip.example.org'],
  ['@', 'CAA', '0 ISSUE ca.example.org', '@', '0 issue "ca.example.org"'],
  ['_dmarc', 'TXT', 'v=DMARC1; p="none" \\', '_dmarc', 'v=DMARC1; p="none" \\'],
])('%j %s %j is taken as %j, %j', (name, type, value, readName, readValue) => {
  expect(read(name, type, value).data).toEqual({ name: readName, type, value: readValue })
})

test.each([
  ['@', 'A', '192.0.2.1', 'name'],
  ['@', 'AAAA', '2001:db8::1', 'name'],
  ['@', 'CNAME', 'example.org', 'name'],
  ['@', 'SRV', '0 5 5060 sip.example.org', 'name'],
  ['_acme-challenge', 'TXT', 'x', 'name'],
  ['_ACME-challenge.www', 'CNAME', 'example.org', 'name'],
  ['*', 'A', '192.0.2.1', 'name'],
  ['a..b', 'A', '192.0.2.1', 'name'],
  ['-a', 'TXT', 'x', 'name'],
  ['_-a', 'TXT', 'x', 'name'],
  ['a b', 'TXT', 'x', 'name'],
  ['a.', 'TXT', 'x', 'name'],
  ['é', 'TXT', 'x', 'name'],
  ['x'.repeat(64), 'TXT', 'x', 'name'],
  ['_a', 'A', '192.0.2.1', 'name'],
  ['sip', 'SRV', '0 5 5060 sip.example.org', 'name'],
  ['a', 'A', '192.0.2.256', 'value'],
  ['a', 'A', '2001:db8::1', 'value'],
  ['a', 'AAAA', '192.0.2.1', 'value'],
  ['a', 'AAAA', 'fe80::1%eth0', 'value'],
  ['a', 'CNAME', 'mail', 'value'],
  ['a', 'CNAME', '.', 'value'],
  ['a', 'CNAME', '192.0.2.1', 'value'],
  ['a', 'CNAME', 'a.example.org\nsend', 'value'],
  ['a', 'MX', 'mail.example.org', 'value'],
  ['a', 'MX', '65536 mail.example.org', 'value'],
  ['a', 'MX', '10 mail.example.org more', 'value'],
  ['_a', 'SRV', '0 5 sip.example.org', 'value'],
  ['@', 'CAA', '1 issue "x"', 'value'],
  ['@', 'CAA', '0 other "x"', 'value'],
  ['@', 'CAA', '0 issue "x" "y"', 'value'],
  ['a', 'TXT', '', 'value'],
  ['a', 'TXT', 'a\nupdate delete b. A', 'value'],
  ['a', 'TXT', 'é', 'value'],
  ['a', 'TXT', 'x'.repeat(2049), 'value'],
  ['a', 'NS', 'ns.example.org', 'type'],
])('%j %s %j is refused for its %s', (name, type, value, path) => {
  expect(read(name, type, value).error?.issues[0]?.path).toEqual([path])
})
