import { expect, test } from 'vitest'
import { getLoopback, parseNetwork, planPublicSide } from './find-uplink.js'

const address = (family: string, local: string, more = {}) => ({ family, local, scope: 'global', ...more })
const lo = {
  ifname: 'lo',
  flags: ['LOOPBACK', 'UP'],
  addr_info: [address('inet', '127.0.0.1', { scope: 'host' }), address('inet6', '::1', { scope: 'host' })],
}
const eth0 = {
  ifname: 'eth0',
  flags: ['UP'],
  addr_info: [
    address('inet', '203.0.113.10'),
    address('inet6', 'fe80::1', { scope: 'link' }),
    address('inet6', '2001:db8::99', { temporary: true }),
    address('inet6', '2001:db8::10'),
    address('inet6', '2001:db8::98', { deprecated: true }),
  ],
}
const found = parseNetwork([lo, {}, eth0], [{ dev: 'eth1', metric: 100 }, { dev: 'eth0' }], [])

test('the uplink is that of the best default route, its addresses are the lasting ones', () => {
  expect(found.uplink).toBe('eth0')
  expect(planPublicSide(found, {})).toEqual({ uplink: 'eth0', ipv4: ['203.0.113.10'], ipv6: ['2001:db8::10'] })
  expect(parseNetwork([lo], [], [{ dev: 'eth6' }]).uplink).toBe('eth6')
})

test('no way out is no error', () => {
  expect(planPublicSide(parseNetwork([lo], [], []), {})).toEqual({ uplink: null, ipv4: [], ipv6: [] })
})

test('an address that a router translates is served at the uplink', () => {
  expect(planPublicSide(found, { public_ipv4: '198.51.100.1' }).ipv4).toEqual(['203.0.113.10'])
  expect(planPublicSide(found, { public_ipv4: '203.0.113.10' }).ipv4).toEqual(['203.0.113.10'])
})

test('an interface that is not there is refused with those that are', () => {
  expect(() => planPublicSide(found, { uplink: 'wan0' })).toThrow(
    expect.objectContaining({ code: 'not_found', hint: 'there are lo, eth0' }),
  )
})

test('loopback is both families, or what there is; down is an error', () => {
  expect(getLoopback(found)).toEqual(['127.0.0.1', '::1'])
  const alone = { ...lo, addr_info: lo.addr_info.slice(0, 1) }
  expect(getLoopback(parseNetwork([alone], [], []))).toEqual(['127.0.0.1'])
  expect(() => getLoopback(parseNetwork([{ ...lo, flags: ['LOOPBACK'] }], [], []))).toThrow(/down/)
})
