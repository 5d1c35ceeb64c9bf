import * as z from 'zod'

/** A network (CIDR) or a single address, IPv4 or IPv6, in its one spelling: no bit set beyond its length, no length on a single address. */
export const IpNetwork = z
  .string()
  .max(60)
  .transform((text, context) => {
    const network = parseIpNetwork(text)
    if (network !== undefined) return network
    context.addIssue({ code: 'custom', message: 'this is no address and no network, as in 192.0.2.0/24' })
    return z.NEVER
  })

const FAMILIES = { ipv4: { groups: 4, bitsOfGroup: 8 }, ipv6: { groups: 8, bitsOfGroup: 16 } }

/** The canonical spelling of a network or an address; undefined when it is neither. */
export function parseIpNetwork(text: string): string | undefined {
  const [address = '', length, ...rest] = text.trim().toLowerCase().split('/')
  const family = findFamily(address)
  if (!family || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined
  const { groups, bitsOfGroup } = FAMILIES[family]
  const bits = length === undefined ? groups * bitsOfGroup : Number(length)
  if (bits > groups * bitsOfGroup) return undefined
  const masked = expand(address, family).map((value, index) => {
    const kept = Math.min(bitsOfGroup, Math.max(0, bits - index * bitsOfGroup))
    const step = 2 ** (bitsOfGroup - kept)
    return Math.floor(value / step) * step
  })
  const spelled = family === 'ipv4' ? masked.join('.') : shorten(masked)
  return bits === groups * bitsOfGroup ? spelled : `${spelled}/${bits}`
}

function findFamily(address: string): keyof typeof FAMILIES | undefined {
  if (z.ipv4().safeParse(address).success) return 'ipv4'
  return z.ipv6().safeParse(address).success ? 'ipv6' : undefined
}

function expand(address: string, family: keyof typeof FAMILIES): number[] {
  if (family === 'ipv4') return address.split('.').map(Number)
  // The last 32 bits may be written as an IPv4 address (RFC 4291 §2.2).
  const hex = address.replace(/[\d.]+\.[\d.]+$/, (tail) => {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [before = '', after] = hex.split('::')
  const read = (part: string) =>
    part
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16))
  const [first, last] = [read(before), read(after ?? '')]
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}

/** RFC 5952: the longest run of zeros, the first of equal ones, becomes `::`. */
function shorten(groups: number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = [...text.matchAll(/(?:^|(?<=:))0(?::0)+(?=$|:)/g)].sort((a, b) => b[0].length - a[0].length)
  const [run] = runs
  if (!run) return text
  const before = text.slice(0, run.index).replace(/:$/, '')
  const after = text.slice(run.index + run[0].length).replace(/^:/, '')
  return `${before}::${after}`
}
