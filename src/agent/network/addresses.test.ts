import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesOf, formatIpv6, parseAddressPlan } from './addresses.js'

const plan = parseAddressPlan('10.1.1.0/24', 'fd00:10:1:1::/64')

describe('addresses', () => {
  it('follow from the number', () => {
    expect(plan.gateway).toEqual({
      n: 1,
      ipv4: '10.1.1.1',
      ipv6: 'fd00:10:1:1::1',
      mac: '02:00:0a:01:01:01',
      link: 'rv1',
    })
    expect(addressesOf(plan, 254)).toEqual({
      n: 254,
      ipv4: '10.1.1.254',
      ipv6: 'fd00:10:1:1::fe',
      mac: '02:00:0a:01:01:fe',
      link: 'rv254',
    })
  })

  it('of another network follow it', () => {
    const other = parseAddressPlan('192.168.77.0/24', '2001:0DB8:0:00a1::/64')
    expect(addressesOf(other, 16)).toMatchObject({
      ipv4: '192.168.77.16',
      ipv6: '2001:db8:0:a1::10',
      mac: '02:00:c0:a8:4d:10',
    })
    expect(other).toMatchObject({ ipv6Network: '2001:db8:0:a1::/64', ipv6IsLocal: false })
    expect(parseAddressPlan('10.1.1.0/24', 'fd00::/64')).toMatchObject({ ipv6Network: 'fd00::/64', ipv6IsLocal: true })
  })

  it('are each somebody’s own', () => {
    const all = Array.from({ length: 253 }, (_, at) => addressesOf(plan, at + 2))
    for (const key of ['ipv4', 'ipv6', 'mac', 'link'] as const) {
      expect(new Set([plan.gateway[key], ...all.map((each) => each[key])]).size).toBe(254)
    }
  })

  it.each([0, 1, 255, 256, -1, 2.5, Number.NaN])('of number %s do not exist', (n) => {
    expect(() => addressesOf(plan, n)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it.each([
    ['10.1.1.0/16', 'fd00::/64'],
    ['10.1.1.1/24', 'fd00::/64'],
    ['10.1.256.0/24', 'fd00::/64'],
    ['10.1.1.0/24; drop', 'fd00::/64'],
    ['10.1.1.0/24', 'fd00::/48'],
    ['10.1.1.0/24', 'fd00::1/64'],
    ['10.1.1.0/24', 'fd00:::/64'],
    ['10.1.1.0/24', '10.1.1.0/24'],
  ])('in %s and %s are refused', (ipv4, ipv6) => {
    expect(() => parseAddressPlan(ipv4, ipv6)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('are written in one way only', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(groups, (four) => {
        const text = formatIpv6([...four, 0, 0, 0, 0])
        expect(parseAddressPlan('10.1.1.0/24', `${text}/64`).ipv6Groups).toEqual(four)
        expect(text).toBe(text.toLowerCase())
      }),
    )
  })
})
