import type { ServedSettings } from '../../model/site-settings.js'
import { fileLiteral, nameLiteral, siteLiteral } from './literals.js'
import { ownPageBody } from './own-page.js'
import { PAGE_CSP } from './page-frame.js'
import type { ProxyFiles, ProxyInput } from './proxy-input.js'
import { renderAccess, renderPasswords } from './render-access.js'
import { renderLargerThan } from './render-larger-than.js'
import { renderRedirects } from './render-redirects.js'
import type { SiteRoute } from './routes.js'

/** How a request goes through a site's door: `stream` may be silent for longer, `cache` is the same for everybody who asks for it. */
type Passage = 'door' | 'stream' | 'cache'

/** What of the input they depend on. */
type DoorsInput = Pick<ProxyInput, 'sites' | 'folder' | 'httpsPort'> & {
  limits: Pick<ProxyInput['limits'], 'perSource' | 'streamTimeoutMs'>
}

interface SettledSite {
  name: string
  /** Undefined: what the register holds is not understood, so that nobody is let in. */
  settings: ServedSettings | undefined
}

/**
 * What sites with settings of their own add: a file with their named locations, one with a password, and a line in each of two maps that lead there. A site without
 * settings adds nothing, and none of these files has a word of another site.
 */
export function renderDoors(input: DoorsInput): ProxyFiles {
  const sites = input.sites.flatMap((site) => findSettled(site) ?? [])
  const open = sites.filter(({ settings }) => settings && !settings.forceHttps)
  const files: ProxyFiles = {
    'doors.map': lines(sites, ({ name, settings }) => {
      const isCached = settings !== undefined && settings.cache !== 'off'
      return `${name} ${isCached ? '@$page_kind' : '@door'}-${name};`
    }),
    'stream-doors.map': lines(sites, ({ name }) => `${name} @stream-${name};`),
    'plain-sites.map': lines(open, ({ name }) => `${name} 1;`),
    'doors.conf': lines(sites, ({ name }) => `include ${fileLiteral(input.folder, `door-${name}.conf`)};`),
    'plain-doors.conf': lines(open, ({ name }) => `include ${fileLiteral(input.folder, `door-${name}.conf`)};`),
  }
  for (const { name, settings } of sites) {
    files[`door-${name}.conf`] = settings ? renderDoor(input, name, settings) : renderClosed(name)
    if (settings?.visitors === 'password') files[`door-${name}.passwords`] = renderPasswords(settings)
  }
  return files
}

/** The site as one with settings; undefined when it has none. */
function findSettled({ name, settings }: SiteRoute): SettledSite | undefined {
  if (settings === undefined) return undefined
  return { name: siteLiteral(name), settings: settings === 'unreadable' ? undefined : settings }
}

function renderClosed(name: string): string {
  const passages = ['door', 'stream'].map(
    (passage) => `location @${passage}-${name} {
  error_page 503 = @unavailable;
  return 503;
}
`,
  )
  return passages.join('')
}

function renderDoor(input: DoorsInput, name: string, settings: ServedSettings): string {
  const passages: Passage[] = settings.cache === 'off' ? ['door', 'stream'] : ['door', 'stream', 'cache']
  return [
    ...passages.map((passage) => renderPassage(input, name, settings, passage)),
    ...OWN_PAGES.map(([status, key]) => renderOwnPage(name, status, settings[key])),
  ].join('')
}

// Checks come in the order that people read on the page: maintenance, redirects, who may come in, then the site.
function renderPassage(input: DoorsInput, name: string, settings: ServedSettings, passage: Passage): string {
  const parts = [
    settings.maintenance ? '  error_page 480 = @maintenance;\n  return 480;\n' : '',
    renderMainName(input, settings),
    renderRedirects(settings.redirects),
    renderUploads(settings),
    renderRate(input, settings),
    renderAccess(input, name, settings),
    renderAnswerHeaders(settings),
    renderErrorPages(name, settings),
    passage === 'stream' ? renderPatience(input) : '',
    passage === 'cache' ? renderCache(name, settings) : '',
  ]
  return `location @${passage}-${name} {
${parts.join('')}  proxy_pass http://$site_address;
}
`
}

/** Browsers keep it for an hour: another name may be the main one tomorrow. */
function renderMainName({ httpsPort }: DoorsInput, { mainName }: ServedSettings): string {
  if (mainName === '') return ''
  const port = httpsPort === 443 ? '' : `:${httpsPort}`
  const name = nameLiteral(mainName)
  return `  if ($host != ${name}) {
    expires 1h;
    return 301 https://${name}${port}$request_uri;
  }
`
}

/** A length that is told is looked at here, as nginx itself does so only before it leads to a named location; one that is not is counted by nginx. */
function renderUploads({ uploadBytes }: ServedSettings): string {
  return `  client_max_body_size ${uploadBytes};
  if ($content_length ~ "${renderLargerThan(uploadBytes)}") { return 413; }
`
}

const RATES = { off: undefined, relaxed: 500, strict: 50 }

function renderRate({ limits }: DoorsInput, { rate, visitors }: ServedSettings): string {
  const burst = RATES[rate]
  const guess = visitors === 'password' ? '  limit_req zone=passwords burst=200 nodelay;\n' : ''
  if (burst === undefined && guess === '') return ''
  const own = burst === undefined ? '' : `  limit_req zone=${rate} burst=${burst} nodelay;\n`
  return `  limit_req zone=often burst=${limits.perSource * 10} nodelay;\n${own}${guess}`
}

const HSTS_SECONDS = { off: 0, day: 86_400, year: 31_536_000 }

function renderAnswerHeaders({ hsts, noindex }: ServedSettings): string {
  const one = (name: string, value: string) => `  proxy_hide_header ${name};\n  add_header ${name} "${value}" always;\n`
  return [
    hsts === 'off' ? '' : one('Strict-Transport-Security', `max-age=${HSTS_SECONDS[hsts]}`),
    noindex ? one('X-Robots-Tag', 'noindex, nofollow') : '',
  ].join('')
}

const OWN_PAGES = [
  [403, 'forbiddenText'],
  [404, 'notFoundText'],
  [500, 'errorText'],
] as const

// Once the site's own errors are looked at, those that nginx meets itself cannot be told from them any more: both lead to the same page.
function renderErrorPages(name: string, settings: ServedSettings): string {
  const own = OWN_PAGES.filter(([, key]) => settings[key] !== '')
  const isClosed = settings.visitors === 'people' || settings.allow.length > 0 || settings.deny.length > 0
  const refused = isClosed && settings.forbiddenText === '' ? '  error_page 403 = @refused;\n' : ''
  const intercept = own.length > 0 ? '  proxy_intercept_errors on;\n' : ''
  const pages = own.map(([status]) => `  error_page ${status} = @own-${status}-${name};\n`).join('')
  return `${intercept}${pages}${refused}${ERROR_PAGES}`
}

/** Where the errors lead that nginx itself meets. */
export const ERROR_PAGES = `  error_page 413 = @too-large;
  error_page 429 = @too-often;
  error_page 502 = @unreachable;
  error_page 503 = @unavailable;
  error_page 504 = @timeout;
`

function renderOwnPage(name: string, status: number, text: string): string {
  if (text === '') return ''
  return `location @own-${status}-${name} {
  default_type text/html;
  charset utf-8;
  add_header Content-Security-Policy "${PAGE_CSP}" always;
  add_header Cache-Control no-store always;
${ownPageBody(status, text)}
}
`
}

/** A stream may be silent for long. */
export function renderPatience({ limits }: Pick<DoorsInput, 'limits'>): string {
  return `  proxy_send_timeout ${limits.streamTimeoutMs}ms;
  proxy_read_timeout ${limits.streamTimeoutMs}ms;
`
}

const KEPT = { off: '0', seconds: '10s', minutes: '10m' }

/**
 * Only what everybody gets alike comes here (`$page_kind`), and only answers that say how long they are and are small are kept: what is kept goes to the host's disk, and the
 * length of others is known when it is too late. Answers with Set-Cookie, `private`, `no-store` or `Vary: *` nginx does not keep.
 */
function renderCache(name: string, { cache, cacheEpoch }: ServedSettings): string {
  return `  limit_conn by_site 200;
  proxy_buffering on;
  proxy_cache pages;
  proxy_cache_key "${name} ${cacheEpoch} $scheme $host $request_uri";
  proxy_cache_valid 200 301 404 410 ${KEPT[cache]};
  proxy_no_cache $is_unsized;
  proxy_cache_lock on;
  proxy_cache_background_update on;
  proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
  add_header X-Cache $upstream_cache_status always;
`
}

const lines = <T>(items: readonly T[], render: (item: T) => string) => items.map((item) => `${render(item)}\n`).join('')
