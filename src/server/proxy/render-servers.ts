import { fileLiteral, generationLiteral, listenLiteral, nameLiteral, networkLiteral } from './literals.js'
import type { ProxyInput } from './proxy-input.js'
import { REFUSE_OTHER_CERTIFICATE, renderChosenCertificate, renderFixedCertificate } from './render-certificates.js'
import { renderPanelLocations, renderSiteLocations } from './render-locations.js'
import { STATUS_HOST } from './render-main.js'

/** `servers.conf`: which names are answered, and how. Their number does not depend on the number of sites. */
export function renderServers(input: ProxyInput): string {
  if (input.listen.length === 0) throw new Error('nothing to listen on')
  return [
    renderUnknown(input),
    renderStatus(input),
    renderPlainSites(input),
    renderPlainPanel(input),
    renderPlatformSites(input),
    ...(input.ownCertificates.length ? [renderOwnSites(input)] : []),
    renderPanel(input),
  ].join('')
}

const QUEUE = ' default_server backlog=4096'
const siteName = ({ platform }: ProxyInput) => `.${nameLiteral(platform.baseDomain)}`

function listenHttp({ listen, httpPort }: ProxyInput, more = ''): string {
  return listen.map((address) => `  listen ${listenLiteral(address, httpPort)}${more};\n`).join('')
}

function listenHttps({ listen, httpsPort, http2 }: ProxyInput, more = ''): string {
  const words = ` ssl${http2 === 'listen' ? ' http2' : ''}${more}`
  return listen.map((address) => `  listen ${listenLiteral(address, httpsPort)}${words};\n`).join('')
}

// Without the second `return`, a known name in the handshake and an unknown one in the request would get nginx's own page.
function renderUnknown(input: ProxyInput): string {
  return `server {
${listenHttp(input, QUEUE)}  server_name _;
  access_log off;
  return 444;
}
server {
${listenHttps(input, QUEUE)}  server_name _;
  ssl_reject_handshake on;
  access_log off;
  return 444;
}
`
}

/** Tells the machine itself which generation is served. */
function renderStatus(input: ProxyInput): string {
  return `server {
${listenHttp(input)}  server_name ${STATUS_HOST};
  access_log off;
  if ($remote_addr != $server_addr) { return 444; }
  return 200 "$nginx_version ${generationLiteral(input.generation)}\\n";
}
`
}

function renderRedirect({ httpsPort }: ProxyInput): string {
  // A browser remembers 308 for good: only for the port that will not change.
  if (httpsPort === 443) return 'return 308 https://$host$request_uri;'
  return `return 307 https://$host:${httpsPort}$request_uri;`
}

function renderPlainSites(input: ProxyInput): string {
  return `server {
${listenHttp(input)}  server_name ${siteName(input)};
  include ${fileLiteral(input.folder, 'own-names.conf')};
  if ($site_address = '') { return 444; }
${renderSiteLocations(input, '^~ /.well-known/acme-challenge/')}  location / {
    access_log off;
    ${renderRedirect(input)}
  }
}
`
}

function renderPlainPanel(input: ProxyInput): string {
  return `server {
${listenHttp(input)}  server_name ${nameLiteral(input.panel.name)};
  access_log off;
  ${renderRedirect(input)}
}
`
}

function renderPlatformSites(input: ProxyInput): string {
  return `server {
${listenHttps(input)}  server_name ${siteName(input)};
${renderFixedCertificate(input.platform.certificate)}${renderSite(input)}}
`
}

function renderOwnSites(input: ProxyInput): string {
  return `server {
${listenHttps(input)}  include ${fileLiteral(input.folder, 'own-names.conf')};
${renderChosenCertificate()}${renderSite(input)}}
`
}

function renderSite(input: ProxyInput): string {
  return `${REFUSE_OTHER_CERTIFICATE}  if ($site_address = '') { return 444; }
${renderSiteLocations(input, '/')}`
}

function renderPanel(input: ProxyInput): string {
  return `server {
${listenHttps(input)}  server_name ${nameLiteral(input.panel.name)};
${renderFixedCertificate(input.panel.certificate)}${REFUSE_OTHER_CERTIFICATE}${input.siteNetworks
  .map((network) => `  deny ${networkLiteral(network)};\n`)
  .join('')}${renderPanelLocations(input)}}
`
}
