import { renderFixedLocations } from './fixed-pages.js'
import { nameLiteral } from './literals.js'
import type { ProxyInput } from './proxy-input.js'
import { CHECK_PATH, ENTER_PATH } from './render-access.js'
import { ERROR_PAGES, renderPatience } from './render-doors.js'
import { renderVisitorHeaders, SITE_HEADERS, type VisitorReason } from './render-headers.js'

/**
 * Passes what `lead` lets through on to the site, and the pages for when that fails. Only errors that nginx itself met lead to our pages: a site's own pass untouched.
 * 418 and 419 are internal words for "this site has settings of its own" and "this may be silent for longer".
 */
export function renderSiteLocations(input: ProxyInput, { where, lead }: { where: string; lead: string }): string {
  const { limits } = input
  return `  limit_conn by_source ${whole(limits.perSource)};
  limit_conn by_site ${whole(limits.perSite)};
  client_max_body_size 1100m;
  recursive_error_pages on;
  location ${where} {
${lead}    error_page 418 = $door;
    error_page 419 = @stream;
${indent(ERROR_PAGES)}    proxy_pass http://$site_address;
  }
  location @stream {
${indent(renderPatience(input) + ERROR_PAGES)}    proxy_pass http://$site_address;
  }
${PAGE_REASONS.map((reason) => renderVisitorLocation(input, `@${reason}`, reason)).join('')}${renderFixedLocations()}`
}

/** To the door of a site with settings, or as a stream, or straight on. */
export const LEAD_THROUGH_DOOR = '    if ($door) { return 418; }\n    if ($is_stream) { return 419; }\n'
/** Past the settings: for what must reach the site whatever they say. */
export const LEAD_PAST_DOOR = '    if ($is_stream) { return 419; }\n'

// Named locations cannot be asked for from outside and take no name away from the site.
const PAGE_REASONS: VisitorReason[] = ['unreachable', 'timeout', 'maintenance', 'refused', 'password', 'sign-in']

/** Nothing but the page about a name whose owner is not proven. */
export function renderUnprovenLocations(input: ProxyInput): string {
  return `  recursive_error_pages on;
  location / {
    error_page 480 = @unproven;
    return 480;
  }
${renderVisitorLocation(input, '@unproven', 'unproven')}${renderFixedLocations(['unavailable'])}`
}

/** The two addresses of sites that only people of the directory may see; they are no site's own. */
export function renderPeopleLocations(input: ProxyInput): string {
  return [
    renderVisitorLocation(input, `= ${CHECK_PATH}`, 'check', '    internal;\n'),
    renderVisitorLocation(input, `= ${ENTER_PATH}`, 'enter'),
  ].join('')
}

function renderVisitorLocation({ panel }: ProxyInput, where: string, reason: VisitorReason, more = ''): string {
  // Only here the panel gives a visitor a cookie, for the site's host.
  const cookie = reason === 'enter' ? '' : '    proxy_hide_header Set-Cookie;\n'
  return `  location ${where} {
${more}    error_page 500 502 504 = @unavailable;
    proxy_method GET;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
${cookie}    proxy_connect_timeout 2s;
    proxy_send_timeout 5s;
    proxy_read_timeout 5s;
${indent(renderVisitorHeaders(nameLiteral(panel.name), reason))}    rewrite ^ /? break;
    proxy_pass http://panel;
  }
`
}

/** The panel: never compressed where it carries secrets next to what a visitor can choose (BREACH), streams without end allowed. */
export function renderPanelLocations({ limits }: ProxyInput): string {
  return `  limit_conn panel_by_source ${whole(limits.perSource)};
  client_max_body_size 64m;
  recursive_error_pages on;
  error_page 502 503 504 = @unavailable;
  proxy_read_timeout ${whole(limits.streamTimeoutMs)}ms;
${SITE_HEADERS}  proxy_set_header Cookie $panel_cookie;
  gzip off;
  location / {
    # No upgrade but that of a terminal.
    if ($upgrade) { return 400; }
    proxy_pass http://panel;
  }
  location ~ ^/api/sites/[^/]+/terminal$ {
    proxy_pass http://panel;
  }
  # The site's disk is the limit; the server counts. An archive is as large as the site that it was.
  location ~ ^/api/(archives|sites/[^/]+/upload)$ {
    client_max_body_size 0;
    proxy_pass http://panel;
  }
  location /assets/ {
    gzip on;
    proxy_pass http://panel;
  }
${renderFixedLocations(['unavailable'])}`
}

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')

function whole(count: number): number {
  if (Number.isInteger(count) && count > 0) return count
  throw new Error(`${count} is not a positive whole number`)
}
