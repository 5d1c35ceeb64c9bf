import { AppError } from '../../model/errors.js'

/** Everything that follows from a container's number. */
export interface Addresses {
  n: number
  ipv4: string
  ipv6: string
  mac: string
  /** The host's end of the virtual cable. */
  link: string
}

/** The private network, parsed once from the settings. */
export interface AddressPlan {
  /** First three bytes of the IPv4 network. */
  ipv4Bytes: readonly [number, number, number]
  /** `10.1.1.0/24`. */
  ipv4Network: string
  /** First four groups of the IPv6 network. */
  ipv6Groups: readonly number[]
  /** `fd00:10:1:1::/64`. */
  ipv6Network: string
  /** Unique local addresses (RFC 4193): they mean nothing outside, so what leaves is translated. */
  ipv6IsLocal: boolean
  /** The host's own place in it: number 1, on the bridge. */
  gateway: Addresses
}

const GATEWAY = 1
const LAST = 254

/** Reads `10.1.1.0/24` and `fd00:10:1:1::/64`. AppError `invalid` for networks of another size. */
export function parseAddressPlan(ipv4: string, ipv6: string): AddressPlan {
  const [a, b, c] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.0\/24$/.exec(ipv4)?.slice(1).map(Number) ?? []
  if (a === undefined || b === undefined || c === undefined || Math.max(a, b, c) > 255) {
    throw new AppError('invalid', `the sites' IPv4 network ${ipv4} is not a /24 such as 10.1.1.0/24`)
  }
  const groups = parsePrefix(ipv6)
  if (groups === undefined) {
    throw new AppError('invalid', `the sites' IPv6 network ${ipv6} is not a /64 such as fd00:10:1:1::/64`)
  }
  const bases = { ipv4Bytes: [a, b, c], ipv6Groups: groups } as const
  return {
    ...bases,
    ipv4Network: `${a}.${b}.${c}.0/24`,
    ipv6Network: `${formatIpv6([...groups, 0, 0, 0, 0])}/64`,
    ipv6IsLocal: ((groups[0] ?? 0) & 0xfe00) === 0xfc00,
    gateway: addressesAt(bases, GATEWAY),
  }
}

/** Every number that a container can have. */
export function listNumbers(): number[] {
  return Array.from({ length: LAST - GATEWAY }, (_, index) => GATEWAY + 1 + index)
}

/** The addresses of container `n` (2 to 254; 1 is the host). AppError `invalid`. */
export function addressesOf(plan: AddressPlan, n: number): Addresses {
  if (Number.isInteger(n) && n > GATEWAY && n <= LAST) return addressesAt(plan, n)
  throw new AppError('invalid', `${n} is not the number of a container's address`)
}

function addressesAt(plan: Pick<AddressPlan, 'ipv4Bytes' | 'ipv6Groups'>, n: number): Addresses {
  // 02: locally administered (IEEE 802); the rest is the IPv4 address, so 10.1.1.2 has 02:00:0a:01:01:02.
  const mac = [2, 0, ...plan.ipv4Bytes, n].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
  const ipv6 = formatIpv6([...plan.ipv6Groups, 0, 0, 0, n])
  return { n, ipv4: [...plan.ipv4Bytes, n].join('.'), ipv6, mac, link: `rv${n}` }
}

/** An IPv6 address the way the kernel's tools print it (RFC 5952); the WHATWG URL parser does the same shortening. */
export function formatIpv6(groups: readonly number[]): string {
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1)
}

function parsePrefix(text: string): number[] | undefined {
  const address = /^([0-9a-f:]+)\/64$/i.exec(text)?.[1]
  if (address === undefined || !URL.canParse(`http://[${address}]/`)) return undefined
  const [head = '', tail = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter((group) => group !== '')
  const right = tail.split(':').filter((group) => group !== '')
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16))
  return groups.slice(4).every((group) => group === 0) ? groups.slice(0, 4) : undefined
}
