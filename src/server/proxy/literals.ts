import { BlockList, isIP, isIPv4 } from 'node:net'
import { parseDomainName } from '../../model/domain-name.js'
import { AppError } from '../../model/errors.js'
import { parseIpNetwork } from '../../model/ip-network.js'
import { ContainerId } from '../../model/names.js'

/** The only ways for a value to get into the front proxy's configuration: what they answer can be nothing but one word of nginx's language. Each throws AppError `internal`. */

/** A domain name in its canonical form. */
export function nameLiteral(name: string): string {
  if (isCanonicalName(name)) return name
  throw refuse(name, 'a domain name')
}

/** A site's name. */
export function siteLiteral(name: string): string {
  if (ContainerId.safeParse(name).success) return name
  throw refuse(name, 'the name of a site')
}

/** Address and port of a site: a literal IPv4 address and port 80. */
export function upstreamLiteral(ipv4: string): string {
  if (isIPv4(ipv4)) return `${ipv4}:80`
  throw refuse(ipv4, 'an IPv4 address')
}

/** Address and port to listen on; IPv6 in brackets. */
export function listenLiteral(address: string, port: number): string {
  const family = isIP(address)
  const right = family !== 0 && !address.includes('%') && Number.isInteger(port) && port > 0 && port < 65_536
  if (!right) throw refuse(`${address} ${port}`, 'an address and port')
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

/** A network in CIDR form. */
export function networkLiteral(cidr: string): string {
  const [address = '', length = '', ...rest] = cidr.split('/')
  const family = isIP(address)
  const right = family !== 0 && !address.includes('%') && rest.length === 0 && /^\d{1,3}$/.test(length)
  if (right && Number(length) <= (family === 6 ? 128 : 32)) return cidr
  throw refuse(cidr, 'a network')
}

/** An address or a network of visitors, in its one spelling. */
export function visitorsLiteral(text: string): string {
  if (parseIpNetwork(text) === text) return text
  throw refuse(text, 'an address or a network')
}

/** An absolute path, in quotes. No character that nginx would expand (`$`, patterns) or end the quotes with. */
export function pathLiteral(path: string): string {
  if (/^\/[\p{L}\p{N} ._/@+,=~()-]+$/u.test(path)) return `"${path}"`
  throw new AppError('invalid', `The front proxy cannot use the path ${JSON.stringify(path)}.`, {
    hint: 'Choose a folder whose name has only letters, digits, spaces and . _ - + = ~ @ , ( ).',
  })
}

/** A file of ours in a folder. */
export function fileLiteral(folder: string, name: string): string {
  return `${pathLiteral(folder).slice(0, -1)}/${name}"`
}

/** A unix socket as an upstream, in quotes. */
export function socketLiteral(path: string): string {
  return `"unix:${pathLiteral(path).slice(1)}`
}

/** A generation's name. */
export function generationLiteral(generation: string): string {
  if (/^[0-9a-z]+(-[0-9a-z]+)*$/.test(generation)) return generation
  throw refuse(generation, 'a generation')
}

// What needs no look at encodings: thousands of names are checked at each change.
const PLAIN_NAME = /^(?!.*--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Whether it is a domain name exactly as `parseDomainName` would answer it. */
export function isCanonicalName(name: string): boolean {
  if (!/^[a-z0-9.-]{1,253}$/.test(name)) return false
  if (PLAIN_NAME.test(name)) return true
  const parsed = parseDomainName(name)
  return 'name' in parsed && parsed.name === name
}

/** Whether a container may have this address: in the network, and neither the network's own, the host's (the first) nor the last. */
export function isContainerAddress(ipv4: string, network: string): boolean {
  const [address = '', length = ''] = network.split('/')
  if (!isIPv4(ipv4) || !isIPv4(address)) return false
  const all = new BlockList()
  all.addSubnet(address, Number(length), 'ipv4')
  const size = 2 ** (32 - Number(length))
  const place = toNumber(ipv4) % size
  return all.check(ipv4) && place > 1 && place < size - 1
}

const toNumber = (ipv4: string) => ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

function refuse(value: string, what: string): AppError {
  const cause = new Error(`${JSON.stringify(value).slice(0, 300)} is not ${what}`)
  return new AppError('internal', `The front proxy's configuration cannot be made: a value is not ${what}.`, { cause })
}
