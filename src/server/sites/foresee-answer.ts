import { BlockList, isIPv6 } from 'node:net'
import type { Foreseen } from '../../model/api/settings.js'
import type { SiteSettings } from '../../model/site-settings.js'

interface ForeseenVisit {
  /** As the visitor writes it; only its path counts, and whether it is plain HTTP. */
  address: string
  /** The visitor's own address; without it that matters to nobody. */
  from?: string | undefined
}

/** In place of the host where only a path was written (RFC 2606). */
const NO_HOST = 'site.invalid'

/** What the front proxy would do with a visit, in its order; `undefined` when the address is none. */
export function foreseeAnswer(settings: SiteSettings, { address, from }: ForeseenVisit): Foreseen | undefined {
  const url = parseAddress(address)
  if (!url) return undefined
  if (url.protocol === 'http:' && settings.forceHttps) {
    url.protocol = 'https:'
    return { what: 'https', status: 308, to: url.href }
  }
  if (settings.maintenance) return { what: 'maintenance', status: 503 }
  if (settings.mainName !== '' && url.hostname !== NO_HOST && url.hostname !== settings.mainName) {
    url.hostname = settings.mainName
    return { what: 'redirect', status: 301, to: url.href }
  }
  const redirect = findRedirect(settings, url)
  if (redirect) return redirect
  if (from !== undefined && !isLetIn(settings, from)) return { what: 'refused', status: 403 }
  if (settings.visitors === 'password') return { what: 'password', status: 401 }
  if (settings.visitors === 'people') return { what: 'sign-in', status: 302 }
  return { what: 'site' }
}

function parseAddress(address: string): URL | undefined {
  const text = address.trim()
  const whole = text.startsWith('/') ? `https://${NO_HOST}${text}` : text
  if (!URL.canParse(whole)) return undefined
  const url = new URL(whole)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

function findRedirect({ redirects }: SiteSettings, url: URL): Foreseen | undefined {
  for (const { from, to, status } of redirects) {
    if (!from.endsWith('*')) {
      if (url.pathname === from) return { what: 'redirect', status, to }
    } else if (url.pathname.startsWith(from.slice(0, -1))) {
      const rest = url.pathname.slice(from.length - 1) + url.search
      return { what: 'redirect', status, to: to.endsWith('*') ? to.slice(0, -1) + rest : to }
    }
  }
  return undefined
}

function isLetIn({ allow, deny }: SiteSettings, from: string): boolean {
  if (contains(deny, from)) return false
  return allow.length === 0 || contains(allow, from)
}

function contains(networks: readonly string[], address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', length] = network.split('/')
    const kind = isIPv6(base) ? 'ipv6' : 'ipv4'
    if (length === undefined) list.addAddress(base, kind)
    else list.addSubnet(base, Number(length), kind)
  }
  return list.check(address, family)
}
