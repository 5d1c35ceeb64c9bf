import type { ServerSettings } from '../../model/server-settings.js'
import { formatDuration } from '../format.js'
import { renderPairs, renderTable } from '../render-table.js'
import type { Paint } from '../styles.js'

/** What whoever started the platform needs to know. */
export interface Report {
  panelUrl: string
  baseDomain: string
  httpPort: number
  httpsPort: number
  caFile: string
  sampleAccounts: ServerSettings['sampleAccounts']
  /** Address of the demonstration's first site. */
  siteUrl: string | undefined
  tookMs: number
}

/** The report for people. Pure. */
export function renderReport(report: Report, paint: Paint): string {
  const port = report.httpsPort === 443 ? '' : `:${report.httpsPort}`
  const dim = (text: string) => paint('dim', text)
  const pairs: [string, string | undefined][] = [
    ['panel', report.panelUrl],
    ['sites', `https://NAME.${report.baseDomain}${port}/`],
    ['first site', report.siteUrl],
    ['ports', `${report.httpPort} (HTTP), ${report.httpsPort} (HTTPS)`],
    ['CA file', report.caFile],
  ]
  const accounts = report.sampleAccounts.length === 0 ? '' : `\n${renderAccounts(report, dim)}`
  const trial = report.siteUrl
    ? `\nTry: curl --cacert ${report.caFile} ${report.siteUrl}\nBrowsers trust it once they know the CA file.\n`
    : ''
  return `\n${paint('green', 'Ruche is up')} after ${formatDuration(report.tookMs)}.\n\n${renderPairs(pairs, dim)}${accounts}${trial}
Ctrl-C stops everything cleanly.\n`
}

function renderAccounts({ sampleAccounts }: Report, dim: (text: string) => string): string {
  return renderTable(
    [
      { title: 'SIGN IN AS', text: (account) => account.login },
      { title: 'PASSWORD', text: (account) => account.password },
      { title: 'WHO', text: (account) => account.role },
    ],
    [...sampleAccounts],
    dim,
  )
}
