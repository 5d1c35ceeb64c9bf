import { expect, test } from 'vitest'
import { planRecords, spellSet } from './plan-records.js'
import { renderRecords } from './render-records.js'
import type { RecordSet } from './zone-settings.js'

const ZONE = { server: '192.0.2.53', port: 5353, zone: 'sites.example.org', keyFile: '/key', ttlSeconds: 60 }
const SHOP = 'shop.sites.example.org'
const set = (host: string, type: RecordSet['type'], values: string[], platformName = SHOP): RecordSet => ({
  ...{ platformName, host, type, values },
})
const told = ({ platformName, host, type, values }: RecordSet, content: string | null = spellSet(ZONE, values)) => ({
  ...{ host, type, platform_name: platformName, content, updated_at: null },
})

test('what goes is told before what comes, names end with a dot, and a text cannot end its string', () => {
  const long = 'x'.repeat(256)
  expect(
    renderRecords(ZONE, [
      set(`a.${SHOP}`, 'CNAME', []),
      set(`a.${SHOP}`, 'A', ['192.0.2.1']),
      set(SHOP, 'MX', ['10 mail.example.org']),
      set(`b.${SHOP}`, 'MX', ['0 .']),
      set(SHOP, 'CAA', ['0 issue "ca.example.org"']),
      set(SHOP, 'TXT', ['p="x";\\', long]),
    ]),
  ).toBe(`server 192.0.2.53 5353
zone sites.example.org.
update delete a.${SHOP}. CNAME
update delete a.${SHOP}. A
update delete ${SHOP}. MX
update delete b.${SHOP}. MX
update delete ${SHOP}. CAA
update delete ${SHOP}. TXT
update add a.${SHOP}. 60 A 192.0.2.1
update add ${SHOP}. 60 MX 10 mail.example.org.
update add b.${SHOP}. 60 MX 0 .
update add ${SHOP}. 60 CAA 0 issue "ca.example.org"
update add ${SHOP}. 60 TXT "p=\\034x\\034\\059\\092"
update add ${SHOP}. 60 TXT "${'x'.repeat(255)}" "x"
send
`)
})

test('what was confirmed is left alone, in any order; the rest is told, one update for each site', () => {
  const same = set(SHOP, 'TXT', ['a', 'b'])
  const changed = set(SHOP, 'MX', ['10 mail.example.org'])
  const added = set('blog.sites.example.org', 'TXT', ['c'], 'blog.sites.example.org')
  const gone = set(`x.${SHOP}`, 'A', ['192.0.2.1'])
  const known = [told({ ...same, values: ['b', 'a'] }), told({ ...changed, values: ['20 other'] }), told(gone, null)]
  const plan = planRecords(ZONE, [same, changed, added], known)
  expect(plan.added).toEqual([added])
  expect([...plan.updates]).toEqual([
    [SHOP, [{ ...gone, values: [] }, changed]],
    [added.platformName, [added]],
  ])
})
