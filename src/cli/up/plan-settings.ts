import { join } from 'node:path'
import { AgentSettings } from '../../model/agent-settings.js'
import type { Configuration } from '../../model/configuration.js'
import { ServerSettings } from '../../model/server-settings.js'
import { planDnsFiles } from './dns/dns-server.js'
import type { PublicSide } from './find-uplink.js'
import { type Paths, planCgroupName } from './paths.js'
import type { Built } from './programs.js'

export const BRIDGE = 'ruche0'
export const SERVER_USER = 'ruche'
export const PROXY_USER = 'ruche-proxy'

/** Everything that was found out about the machine, and what it is asked to be. */
export interface Findings {
  paths: Paths
  built: Built
  /** With the ports that were chosen. */
  configuration: Configuration
  publicSide: PublicSide
  loopback: string[]
  resolvers: string[]
  nginx: string
  diskTotalBytes: number
  sampleAccounts: ServerSettings['sampleAccounts']
  /** A demonstration answers this machine only. */
  demo: boolean
}

const LEAST_RESERVE_BYTES = 512 * 1024 ** 2
const MOST_RESERVE_BYTES = 10 * 1024 ** 3

/** `run/agent.json`. Pure. */
export function planAgentSettings(findings: Findings): AgentSettings {
  const { paths, built, configuration, publicSide, resolvers, nginx, diskTotalBytes, demo } = findings
  const reserve = Math.min(MOST_RESERVE_BYTES, Math.max(LEAST_RESERVE_BYTES, Math.floor(diskTotalBytes / 20)))
  return AgentSettings.parse({
    stateFolder: join(paths.lib, 'agent'),
    runFolder: paths.run,
    logFolder: paths.log,
    templatesFolder: configuration.templates.folder,
    ...(configuration.templates.sources && { templateSources: configuration.templates.sources }),
    recipesFolder: configuration.templates.recipes ?? built.recipes,
    launcher: built.launcher,
    cgroup: planCgroupName(paths.root),
    serverGroup: SERVER_USER,
    network: {
      bridge: BRIDGE,
      ipv4: configuration.network.ipv4,
      ipv6: configuration.network.ipv6,
      uplink: publicSide.uplink,
      servesUplink: !demo,
      publicIpv4: demo ? [] : publicSide.ipv4,
      publicIpv6: demo ? [] : publicSide.ipv6,
      httpPort: configuration.host.http_port,
      httpsPort: configuration.host.https_port,
      connectionsPerSource: configuration.host.connections_per_source,
      resolvers: configuration.network.resolvers ?? resolvers,
    },
    proxy: { user: PROXY_USER, folder: join(paths.lib, 'proxy'), program: nginx },
    diskReserveBytes: reserve,
  } satisfies AgentSettings)
}

/** `run/server.json`. Pure. */
export function planServerSettings(findings: Findings): ServerSettings {
  const { paths, configuration, publicSide, loopback, nginx, sampleAccounts, demo } = findings
  const outside = planOutside(findings)
  return ServerSettings.parse({
    configuration,
    libFolder: paths.lib,
    runFolder: paths.run,
    logFolder: paths.log,
    webFolder: join(paths.app, 'web'),
    listen: [...new Set([...(demo ? [] : [...publicSide.ipv4, ...publicSide.ipv6]), ...loopback])],
    proxyGroup: PROXY_USER,
    nginx,
    publicAddresses: [...outside.ipv4, ...outside.ipv6],
    dns: planDns(findings),
    sampleAccounts,
  } satisfies ServerSettings)
}

// What people outside reach is what the configuration says, also before a router that translates.
function planOutside({ configuration: { host }, publicSide }: Findings): { ipv4: string[]; ipv6: string[] } {
  return {
    ipv4: host.public_ipv4 !== undefined ? [host.public_ipv4] : publicSide.ipv4,
    ipv6: host.public_ipv6 !== undefined ? [host.public_ipv6] : publicSide.ipv6,
  }
}

function planDns(findings: Findings): ServerSettings['dns'] {
  const { paths, configuration, publicSide } = findings
  const { dns, names } = configuration
  if (dns.mode === 'off') return undefined
  const embedded = dns.mode === 'embedded'
  return {
    server: (embedded ? (publicSide.ipv4[0] ?? publicSide.ipv6[0]) : dns.server) ?? '',
    port: dns.port,
    zone: dns.zone ?? names.base_domain,
    keyFile: (embedded ? planDnsFiles(paths).key : dns.key_file) ?? '',
    ttlSeconds: dns.ttl_seconds,
    ...planOutside(findings),
  }
}
