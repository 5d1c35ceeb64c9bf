import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { run } from '../run.js'

const Route = z.object({ dev: z.string().optional(), metric: z.number().optional() })
const Link = z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  addr_info: z.array(
    z.object({
      family: z.string(),
      local: z.string().optional(),
      scope: z.string().optional(),
      temporary: z.boolean().optional(),
      deprecated: z.boolean().optional(),
      tentative: z.boolean().optional(),
    }),
  ),
})
type Link = z.infer<typeof Link>

/** An interface with its lasting addresses. */
export interface FoundLink {
  name: string
  up: boolean
  ipv4: string[]
  ipv6: string[]
}

/** The machine's interfaces and where its default routes lead. */
export interface FoundNetwork {
  links: FoundLink[]
  /** Interface of the default route, IPv4's before IPv6's. */
  uplink: string | undefined
}

/** Asks ip(8). */
export async function findNetwork(): Promise<FoundNetwork> {
  const ask = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await run('ip', ['-j', ...args], { timeoutMs: 10_000 })).stdout || '[]')
  const [links, routes4, routes6] = await Promise.all([
    ask('address', 'show'),
    ask('-4', 'route', 'show', 'default'),
    ask('-6', 'route', 'show', 'default'),
  ])
  return parseNetwork(links, routes4, routes6)
}

/** The same from ip's answers. Pure. */
export function parseNetwork(links: unknown, routes4: unknown, routes6: unknown): FoundNetwork {
  // ip leaves empty objects in the list of addresses that were filtered out.
  const found = z
    .array(z.unknown())
    .parse(links)
    .flatMap((link) => Link.safeParse(link).data ?? [])
  const nearest = (routes: unknown) =>
    z
      .array(Route)
      .parse(routes)
      .filter((route) => route.dev !== undefined)
      .sort((one, other) => (one.metric ?? 0) - (other.metric ?? 0))[0]?.dev
  return { links: found.map(toFoundLink), uplink: nearest(routes4) ?? nearest(routes6) }
}

function toFoundLink({ ifname, flags, addr_info: addresses }: Link): FoundLink {
  const lasting = (family: string) =>
    addresses
      .filter((address) => address.family === family && ['global', 'host'].includes(address.scope ?? ''))
      .filter((address) => !address.temporary && !address.deprecated)
      .flatMap((address) => address.local ?? [])
  return { name: ifname, up: flags.includes('UP'), ipv4: lasting('inet'), ipv6: lasting('inet6') }
}

/** The loopback addresses that can be listened on. AppError `host_failed` when the interface is down. */
export function getLoopback({ links }: FoundNetwork): string[] {
  const loopback = links.find((link) => link.name === 'lo')
  if (!loopback?.up) throw new AppError('host_failed', 'The loopback interface is down.', { hint: 'ip link set lo up' })
  return [
    ...loopback.ipv4.filter((address) => address === '127.0.0.1'),
    ...loopback.ipv6.filter((address) => address === '::1'),
  ]
}

/** How this machine is reached from outside. */
export interface PublicSide {
  uplink: string | null
  ipv4: string[]
  ipv6: string[]
}

/**
 * The uplink and the addresses on it to serve. An address of the configuration that no interface has stands before a router that translates: then the
 * uplink's own are served. AppError `not_found` for an interface that is not there.
 */
export function planPublicSide(
  { links, uplink: found }: FoundNetwork,
  wanted: { uplink?: string | undefined; public_ipv4?: string | undefined; public_ipv6?: string | undefined },
): PublicSide {
  const name = wanted.uplink ?? found
  const link = links.find((one) => one.name === name)
  if (wanted.uplink !== undefined && !link)
    throw new AppError('not_found', `host.uplink: there is no interface ${wanted.uplink}.`, {
      hint: `there are ${links.map((one) => one.name).join(', ')}`,
    })
  const choose = (address: string | undefined, family: 'ipv4' | 'ipv6') => {
    if (address !== undefined && links.some((one) => one[family].includes(address))) return [address]
    return link?.[family] ?? []
  }
  return {
    uplink: link?.name ?? null,
    ipv4: choose(wanted.public_ipv4, 'ipv4'),
    ipv6: choose(wanted.public_ipv6, 'ipv6'),
  }
}
