import { CHALLENGE_PATH } from '../certificates/acme/challenges.js'
import { fileLiteral, generationLiteral, listenLiteral, nameLiteral, networkLiteral, pathLiteral } from './literals.js'
import type { ProxyInput } from './proxy-input.js'
import { REFUSE_OTHER_CERTIFICATE, renderChosenCertificate, renderFixedCertificate } from './render-certificates.js'
import {
  LEAD_PAST_DOOR,
  LEAD_THROUGH_DOOR,
  renderPanelLocations,
  renderPeopleLocations,
  renderSiteLocations,
  renderUnprovenLocations,
} from './render-locations.js'
import { STATUS_HOST } from './render-main.js'

/** `servers.conf`: which names are answered, and how. Their number does not depend on the number of sites. */
export function renderServers(input: ProxyInput): string {
  if (input.listen.length === 0) throw new Error('nothing to listen on')
  return [
    renderUnknown(input),
    renderStatus(input),
    renderPlainSites(input),
    renderPlainPanel(input),
    ...(input.pendingNames.length ? [renderPending(input)] : []),
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

// Challenges are answered under every name: a new one's certificate may be ordered a moment before the name is served. Without the last `return`, a known name
// in the handshake and an unknown one in the request would get nginx's own page.
function renderUnknown(input: ProxyInput): string {
  return `server {
${listenHttp(input, QUEUE)}  server_name _;
  access_log off;
${renderChallenges(input, '@nobody')}  location @nobody { return 444; }
  location / { return 444; }
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

// Challenges of certificate authorities that are not ours reach every site, whatever its settings say; all else leads to HTTPS, but for the sites that are
// served without it too.
function renderPlainSites(input: ProxyInput): string {
  const lead = `    if ($is_plain = '') { ${renderRedirect(input)} }\n${LEAD_THROUGH_DOOR}`
  return `server {
${listenHttp(input)}  server_name ${siteName(input)};
  include ${fileLiteral(input.folder, 'own-names.conf')};
  if ($site_address = '') { return 404; }
  error_page 404 = @not-found;
${renderSiteLocations(input, { where: '/', lead })}${renderChallenges(input, '@challenge')}  location @challenge {
${LEAD_PAST_DOOR}    error_page 419 = @stream;
    error_page 502 = @unreachable;
    error_page 504 = @timeout;
    proxy_pass http://$site_address;
  }
  include ${fileLiteral(input.folder, 'plain-doors.conf')};
}
`
}

function renderPlainPanel(input: ProxyInput): string {
  return `server {
${listenHttp(input)}  server_name ${nameLiteral(input.panel.name)};
  access_log off;
${renderChallenges(input, '@https')}  location @https { ${renderRedirect(input)} }
  location / { ${renderRedirect(input)} }
}
`
}

/** What the platform answers to an authority of its own (RFC 8555 §8.3), and where else such a request leads. */
function renderChallenges({ challengeRoot }: ProxyInput, otherwise: string): string {
  return `  location ^~ ${CHALLENGE_PATH} {
    root ${pathLiteral(challengeRoot)};
    default_type application/octet-stream;
    try_files $uri ${otherwise};
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
  return `${REFUSE_OTHER_CERTIFICATE}  if ($site_address = '') { return 404; }
  error_page 404 = @not-found;
${renderSiteLocations(input, { where: '/', lead: LEAD_THROUGH_DOOR })}${renderPeopleLocations(input)}  include ${fileLiteral(input.folder, 'doors.conf')};
`
}

/** Names that lead here and whose owner is not proven: no certificate, so only without HTTPS, and only a page that says so. */
function renderPending(input: ProxyInput): string {
  return `server {
${listenHttp(input)}${input.pendingNames.map((name) => `  server_name ${nameLiteral(name)};\n`).join('')}${renderUnprovenLocations(input)}}
`
}

function renderPanel(input: ProxyInput): string {
  return `server {
${listenHttps(input)}  server_name ${nameLiteral(input.panel.name)};
${renderFixedCertificate(input.panel.certificate)}${REFUSE_OTHER_CERTIFICATE}${input.siteNetworks
  .map((network) => `  deny ${networkLiteral(network)};\n`)
  .join('')}${renderPanelLocations(input)}}
`
}
