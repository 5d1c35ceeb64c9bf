/** Frames as hexadecimal text, built by hand: what no ordinary program would send. */

export const MAC = {
  gateway: '02:00:0a:01:01:01',
  two: '02:00:0a:01:01:02',
  three: '02:00:0a:01:01:03',
  everybody: 'ff:ff:ff:ff:ff:ff',
  allNodes: '33:33:00:00:00:01',
}

export interface Ethernet {
  to: string
  from: string
}

const mac = (text: string): Buffer => Buffer.from(text.replaceAll(':', ''), 'hex')
const ip4 = (text: string): Buffer => Buffer.from(text.split('.').map(Number))
const word = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff])

function ip6(text: string): Buffer {
  const [head = '', tail = ''] = text.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return Buffer.concat(groups.map((group) => word(Number.parseInt(group, 16))))
}

/** RFC 1071. */
function checksum(bytes: Buffer): Buffer {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return word(~sum & 0xffff)
}

export function frame(ethernet: Ethernet, type: number, payload: Buffer): string {
  return Buffer.concat([mac(ethernet.to), mac(ethernet.from), word(type), payload]).toString('hex')
}

/** `options`: IP options, a multiple of four bytes. */
export function ipv4(
  ethernet: Ethernet,
  source: string,
  destination: string,
  protocol: number,
  payload: Buffer,
  options = Buffer.alloc(0),
): string {
  const length = 20 + options.length
  const header = Buffer.concat([
    Buffer.from([0x40 + length / 4, 0]),
    word(length + payload.length),
    Buffer.from([0, 1, 0, 0, 64, protocol, 0, 0]),
    ip4(source),
    ip4(destination),
    options,
  ])
  checksum(header).copy(header, 10)
  return frame(ethernet, 0x0800, Buffer.concat([header, payload]))
}

export function ipv6(
  ethernet: Ethernet,
  source: string,
  destination: string,
  next: number,
  payload: Buffer,
  hops = 255,
): string {
  const header = Buffer.concat([
    Buffer.from([0x60, 0, 0, 0]),
    word(payload.length),
    Buffer.from([next, hops]),
    ip6(source),
    ip6(destination),
  ])
  return frame(ethernet, 0x86dd, Buffer.concat([header, payload]))
}

function checksumIpv6(source: string, destination: string, next: number, payload: Buffer): Buffer {
  return checksum(
    Buffer.concat([
      ip6(source),
      ip6(destination),
      Buffer.from([0, 0]),
      word(payload.length),
      Buffer.from([0, 0, 0, next]),
      payload,
    ]),
  )
}

/** UDP over IPv4, without checksum. */
export function udp(sourcePort: number, port: number): Buffer {
  return Buffer.concat([word(sourcePort), word(port), word(12), word(0), Buffer.from('test')])
}

/** UDP over IPv6. */
export function udp6(source: string, destination: string, sourcePort: number, port: number): Buffer {
  const datagram = udp(sourcePort, port)
  checksumIpv6(source, destination, 17, datagram).copy(datagram, 6)
  return datagram
}

export function icmp(type: number, code: number, rest: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, code, 0, 0]), rest])
  checksum(message).copy(message, 2)
  return message
}

export function icmp6(source: string, destination: string, type: number, rest: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, 0, 0, 0]), rest])
  checksumIpv6(source, destination, 58, message).copy(message, 2)
  return message
}

export function arp(
  ethernet: Ethernet,
  operation: number,
  senderMac: string,
  senderIp: string,
  targetMac: string,
  targetIp: string,
): string {
  const body = [
    Buffer.from([0, 1, 8, 0, 6, 4]),
    word(operation),
    mac(senderMac),
    ip4(senderIp),
    mac(targetMac),
    ip4(targetIp),
  ]
  return frame(ethernet, 0x0806, Buffer.concat(body))
}

/** Neighbour advertisement (RFC 4861): `address` is at `at`, override. */
export function neighbourAdvertisement(
  ethernet: Ethernet,
  source: string,
  destination: string,
  address: string,
  at: string,
): string {
  const rest = Buffer.concat([Buffer.from([0x20, 0, 0, 0]), ip6(address), Buffer.from([2, 1]), mac(at)])
  return ipv6(ethernet, source, destination, 58, icmp6(source, destination, 136, rest))
}

/** Router advertisement that offers the sender as default router. */
export function routerAdvertisement(source: string, destination: string): Buffer {
  return icmp6(source, destination, 134, Buffer.from([64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0]))
}
