import { renderFixedPages } from './fixed-pages.js'
import { nameLiteral, siteLiteral, upstreamLiteral } from './literals.js'
import { renderOwnPageFrame } from './own-page.js'
import type { ProxyFiles, ProxyInput } from './proxy-input.js'
import { certificateFolder } from './render-certificates.js'
import { renderDoors } from './render-doors.js'
import { renderMain } from './render-main.js'
import { renderServers } from './render-servers.js'

/** Pure; throws rather than to render a value that is not what it must be. */
export function renderProxy(input: ProxyInput): ProxyFiles {
  return {
    'nginx.conf': renderMain(input),
    'servers.conf': renderServers(input),
    'pages.conf': renderFixedPages() + renderOwnPageFrame(),
    ...renderDoors(input),
    'addresses.map': renderAddresses(input),
    'sites.map': renderSites(input),
    'certificates.map': renderCertificates(input),
    'own-names.conf': lines(input.ownCertificates, ({ name }) => `server_name ${nameLiteral(name)};`),
  }
}

function renderAddresses({ sites }: ProxyInput): string {
  return lines(sites, ({ ipv4, domains }) => {
    const address = upstreamLiteral(ipv4)
    return domains.map((domain) => `${nameLiteral(domain)} ${address};`).join('\n')
  })
}

function renderSites({ sites }: ProxyInput): string {
  return lines(sites, ({ name, domains }) => {
    const site = siteLiteral(name)
    return domains.map((domain) => `${nameLiteral(domain)} ${site};`).join('\n')
  })
}

// Read twice: for the name a client asked for when it connected, and for the one in its request; both must lead to the same certificate.
function renderCertificates({ panel, platform, ownCertificates }: ProxyInput): string {
  const all = [
    { name: panel.name, certificate: panel.certificate, prefix: '' },
    { name: platform.baseDomain, certificate: platform.certificate, prefix: '.' },
    ...ownCertificates.map((own) => ({ ...own, prefix: '' })),
  ]
  return lines(
    all,
    ({ name, certificate, prefix }) => `${prefix}${nameLiteral(name)} ${certificateFolder(certificate)};`,
  )
}

const lines = <T>(items: readonly T[], render: (item: T) => string) =>
  items
    .map(render)
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('')
