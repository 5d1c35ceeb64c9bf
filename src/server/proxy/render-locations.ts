import { nameLiteral } from './literals.js'
import type { ProxyInput } from './proxy-input.js'
import { renderVisitorHeaders, SITE_HEADERS, type VisitorReason } from './render-headers.js'
import { UNAVAILABLE_LOCATION } from './unavailable-page.js'

/**
 * Passes `where` on to the site, and the pages for when that fails. Only errors that nginx itself met lead to our pages: a site's own pass untouched.
 * 418 is an internal word for "this is a WebSocket", which may be silent for longer.
 */
export function renderSiteLocations(input: ProxyInput, where: string): string {
  const { limits } = input
  const pages = `    error_page 502 = @unreachable;
    error_page 504 = @timeout;
    error_page 503 = @unavailable;
    proxy_pass http://$site_address;
`
  return `  limit_conn by_source ${whole(limits.perSource)};
  limit_conn by_site ${whole(limits.perSite)};
  client_max_body_size 1100m;
  recursive_error_pages on;
  location ${where} {
    if ($upgrade) { return 418; }
    error_page 418 = @websocket;
${pages}  }
  location @websocket {
    proxy_send_timeout ${whole(limits.streamTimeoutMs)}ms;
    proxy_read_timeout ${whole(limits.streamTimeoutMs)}ms;
${pages}  }
${renderVisitorLocation(input, 'unreachable')}${renderVisitorLocation(input, 'timeout')}${UNAVAILABLE_LOCATION}`
}

// A named location cannot be asked for from outside and takes no name away from the site.
function renderVisitorLocation({ panel }: ProxyInput, reason: VisitorReason): string {
  return `  location @${reason} {
    error_page 500 502 504 = @unavailable;
    proxy_method GET;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
    proxy_hide_header Set-Cookie;
    proxy_connect_timeout 2s;
    proxy_send_timeout 5s;
    proxy_read_timeout 5s;
${renderVisitorHeaders(nameLiteral(panel.name), reason).replaceAll(/^/gm, '  ').trimEnd()}
    rewrite ^ /? break;
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
    proxy_pass http://panel;
  }
  location /assets/ {
    gzip on;
    proxy_pass http://panel;
  }
${UNAVAILABLE_LOCATION}`
}

function whole(count: number): number {
  if (Number.isInteger(count) && count > 0) return count
  throw new Error(`${count} is not a positive whole number`)
}
