import { isIPv6 } from 'node:net'
import type { Configuration } from '../../model/configuration.js'

/** Names, addresses and ports of sites, as the configuration lays them out. */
export interface Naming {
  baseDomain: string
  panel: string
  /** `https://panel[:port]`, as a browser writes an origin. */
  panelOrigin: string
  /** Address numbers that sites may have, both ends included. */
  addresses: { first: number; last: number }
  sftpPorts: { first: number; last: number }
  platformName(site: string): string
  url(host: string): string
  ipv4(address: number): string
  ipv6(address: number): string
}

const HTTPS = 443

export function planNaming(configuration: Configuration): Naming {
  const { names, network, host } = configuration
  const [network4 = '', bits = '24'] = network.ipv4.split('/')
  const size = 2 ** (32 - Number(bits))
  const base = network4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const [network6 = ''] = network.ipv6.split('/')
  const [firstPort = 0, lastPort = 0] = network.sftp_ports.split('-').map(Number)
  const port = host.https_port === HTTPS ? '' : `:${host.https_port}`
  return {
    baseDomain: names.base_domain,
    panel: names.panel,
    panelOrigin: `https://${names.panel}${port}`,
    // The first address is the host's, the last is the broadcast address; a container's number goes up to 254.
    addresses: { first: 2, last: Math.min(254, size - 2) },
    sftpPorts: { first: firstPort, last: lastPort },
    platformName: (site) => `${site}.${names.base_domain}`,
    url: (name) => `https://${name}${port}/`,
    ipv4: (address) => spell4(base + address),
    ipv6: (address) => lastGroup(network6, address),
  }
}

function spell4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
}

function lastGroup(network: string, address: number): string {
  const text = `${network.replace(/::$/, '')}::${address.toString(16)}`
  return isIPv6(text) ? text : network.replace(/[^:]*$/, address.toString(16))
}
