import type { CertificateFiles } from '../certificates/sign.js'
import type { SiteRoute } from './routes.js'

/** Everything that the front proxy's configuration is made of. */
export interface ProxyInput {
  /** Name of this version of the configuration; the running nginx tells it when asked. */
  generation: string
  /** Absolute folder in which the rendered files will lie. */
  folder: string
  /** Where nginx keeps its pid and temporary files. */
  runFolder: string
  panelSocket: string
  accessLog: string
  /** Below it lie, under the path that visitors ask for, the answers to an ACME authority. */
  challengeRoot: string
  listen: readonly string[]
  httpPort: number
  httpsPort: number
  /** How this nginx wants HTTP/2: a word of `listen` (before 1.25.1), or a directive. */
  http2: 'listen' | 'directive'
  panel: { name: string; certificate: CertificateFiles }
  platform: { baseDomain: string; certificate: CertificateFiles }
  sites: readonly SiteRoute[]
  /** Names of nobody yet: they lead to a page that says so. */
  pendingNames: readonly string[]
  /** Certificates of the names that the wildcard does not cover. */
  ownCertificates: readonly { name: string; certificate: CertificateFiles }[]
  /** The sites' networks (CIDR): from there the panel is closed. */
  siteNetworks: readonly string[]
  limits: ProxyLimits
}

/** Files of the front proxy's configuration, by name; `nginx.conf` is the one to start from. */
export type ProxyFiles = Record<string, string>

/** What one visitor or one site may take of the front proxy, and how long it waits. */
export interface ProxyLimits {
  /** Requests at once of one source address: a whole school may be behind one. */
  perSource: number
  /** Requests at once to one site, so that a hanging one cannot use up the connections of all. */
  perSite: number
  connectTimeoutMs: number
  /** Silence of a site after which the visitor is told. A little more than the sites' own web servers wait for their code. */
  siteTimeoutMs: number
  /** Silence after which an open WebSocket, or a stream of the panel, is closed. */
  streamTimeoutMs: number
}

export const DEFAULT_PROXY_LIMITS: ProxyLimits = {
  perSource: 400,
  perSite: 1000,
  connectTimeoutMs: 5_000,
  siteTimeoutMs: 75_000,
  streamTimeoutMs: 3_600_000,
}
