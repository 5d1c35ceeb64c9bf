import { describe, expect, it } from 'vitest'
import { parseStatus } from '../host/process-facts.js'
import { findProcessSigns } from './judge-process.js'

const STATUS = `Name:	php-fpm
Uid:	1879049192	1879049192	1879049192	1879049192
Gid:	1879049192	1879049192	1879049192	1879049192
CapInh:	0000000000000000
CapPrm:	0000000000000000
CapEff:	0000000000000000
CapBnd:	00000000000405fb
CapAmb:	0000000000000000
NoNewPrivs:	1
Seccomp:	2
Seccomp_filters:	2
`
const host = { user: 'user:[1]', net: 'net:[1]', mnt: 'mnt:[1]' }
const container = { user: 'user:[2]', net: 'net:[2]', mnt: 'mnt:[2]' }
const confinement = { id: 'shop', uidBase: 1_879_048_192, host, container }

function judged(change: (status: string) => string, namespaces = container) {
  const facts = { pid: 7, startTime: 1, ...parseStatus(change(STATUS)), namespaces }
  return findProcessSigns(facts, confinement).map(({ what, found }) => `${what}: ${found}`)
}

describe('a process of a site', () => {
  it('is confined as it should be', () => expect(judged((status) => status)).toEqual([]))

  it.each([
    ['NoNewPrivs:\t1', 'NoNewPrivs:\t0', 'no_new_privs 0'],
    ['Seccomp:\t2', 'Seccomp:\t0', 'seccomp 0, filters 2'],
    ['Seccomp_filters:\t2', 'Seccomp_filters:\t1', 'seccomp 2, filters 1'],
    ['CapBnd:\t00000000000405fb', 'CapBnd:\t000001ffffffffff', 'bounding 0x1ffffffffff'],
    ['CapPrm:\t0000000000000000', 'CapPrm:\t0000000000200000', 'permitted 0x200000'],
    ['CapAmb:\t0000000000000000', 'CapAmb:\t0000000000001000', 'ambient 0x1000'],
    ['Uid:\t1879049192', 'Uid:\t0', 'id 0'],
    ['Gid:\t1879049192\t1879049192', 'Gid:\t1879049192\t1879113728', 'id 1879113728'],
  ])('is at fault with %s as %s', (from, to, found) =>
    expect(judged((status) => status.replace(from, to))).toEqual([`shop: process 7 (php-fpm): ${found}`]),
  )

  it("is at fault in a namespace of the host, or of nobody's", () => {
    expect(judged((status) => status, { ...container, net: 'net:[1]' })).toEqual(['shop: process 7 (php-fpm): net:[1]'])
    expect(judged((status) => status, { ...container, user: 'user:[3]' })).toEqual([
      'shop: process 7 (php-fpm): user:[3]',
    ])
  })

  it('may be called anything, and is shown without what could deceive', () => {
    const facts = parseStatus(STATUS.replace('php-fpm', 'a\u001b[2J): \u202e'))
    expect(facts.name).toMatch(/^[\w.:@+/?-]+$/)
  })
})
