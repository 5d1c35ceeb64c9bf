import { describe, expect, it } from 'vitest'
import { Configuration } from '../../model/configuration.js'
import { planPlace } from './allocate.js'
import { planNaming } from './naming.js'

const naming = (configuration: object = {}) => planNaming(Configuration.parse(configuration))

describe('names and addresses', () => {
  it('are those of the configuration', () => {
    const plain = naming()
    expect([plain.platformName('shop'), plain.url('shop.example.org'), plain.panelOrigin]).toEqual([
      'shop.sites.localhost',
      'https://shop.example.org/',
      'https://ruche.localhost',
    ])
    const other = naming({
      host: { https_port: 8443 },
      names: { panel: 'p.example.org', base_domain: 's.example.org' },
    })
    expect([other.url(other.platformName('shop')), other.panelOrigin]).toEqual([
      'https://shop.s.example.org:8443/',
      'https://p.example.org:8443',
    ])
  })

  it.each([
    ['10.1.1.0/24', 2, '10.1.1.2'],
    ['10.1.1.0/24', 254, '10.1.1.254'],
    ['192.168.255.128/25', 3, '192.168.255.131'],
    ['10.200.0.0/16', 254, '10.200.0.254'],
  ])('in %s, %i is %s', (ipv4, address, expected) => expect(naming({ network: { ipv4 } }).ipv4(address)).toBe(expected))

  it.each([
    ['fd00:10:1:1::/64', 254, 'fd00:10:1:1::fe'],
    ['2001:db8::/64', 16, '2001:db8::10'],
    ['2001:db8:1:2:3:4:5:0/112', 16, '2001:db8:1:2:3:4:5:10'],
  ])('in %s, %i is %s', (ipv6, address, expected) => expect(naming({ network: { ipv6 } }).ipv6(address)).toBe(expected))

  it('are as many as the network has', () => {
    expect(naming().addresses).toEqual({ first: 2, last: 254 })
    expect(naming({ network: { ipv4: '10.1.1.0/28' } }).addresses).toEqual({ first: 2, last: 14 })
  })
})

describe('a place for a site', () => {
  const room = { addresses: { first: 2, last: 4 }, sftpPorts: { first: 22_000, last: 22_003 } }

  it('is the lowest free address, and the port that goes with it where that is free', () => {
    expect(planPlace(room, [], [])).toEqual({ address: 2, sftpPort: 22_002 })
    expect(planPlace(room, [2], [22_002])).toEqual({ address: 3, sftpPort: 22_003 })
    expect(planPlace(room, [3], [22_002])).toEqual({ address: 2, sftpPort: 22_000 })
    expect(planPlace(room, [2, 3], [22_000])).toEqual({ address: 4, sftpPort: 22_001 })
  })

  it('is refused when addresses or ports are used up', () => {
    expect(() => planPlace(room, [2, 3, 4], [])).toThrow('No address is left')
    expect(() => planPlace(room, [], [22_000, 22_001, 22_002, 22_003])).toThrow('No SFTP port is left')
  })
})
