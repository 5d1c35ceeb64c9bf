/** Headers that software behind a proxy believes: from a visitor they are never passed on (an empty value removes one). */
const NEVER_FROM_OUTSIDE = [
  'Forwarded',
  'Proxy',
  'X-Forwarded',
  'X-Forwarded-By',
  'X-Forwarded-Server',
  'X-Forwarded-Ssl',
  'X-Forwarded-Scheme',
  'X-Forwarded-Prefix',
  'X-Url-Scheme',
  'Front-End-Https',
  'X-Original-Url',
  'X-Original-Host',
  'X-Rewrite-Url',
  'X-Host',
  ...['Client-Ip', 'X-Client-Ip', 'X-Cluster-Client-Ip', 'True-Client-Ip', 'Cf-Connecting-Ip', 'Cf-Connecting-Ipv6'],
  ...['Cf-Pseudo-Ipv4', 'Cf-Visitor', 'Fastly-Client-Ip', 'Fly-Client-Ip', 'X-Azure-Clientip', 'X-Azure-Socketip'],
  ...[
    'X-Appengine-User-Ip',
    'X-Envoy-External-Address',
    'X-Originating-Ip',
    'X-Original-Forwarded-For',
    'X-Proxyuser-Ip',
  ],
  ...['X-Remote-Ip', 'X-Remote-Addr', 'Remote-Addr', 'X-Forwarded-Uri', 'X-Forwarded-Method', 'X-Forwarded-Path'],
  ...['X-Scheme', 'X-Forwarded-Protocol', 'X-Forwarded-Client-Cert', 'X-Ssl-Client-Verify', 'X-Ssl-Client-Dn'],
  // Who has signed in, says a proxy that asks for it.
  ...['Remote-User', 'X-Remote-User', 'X-Forwarded-User', 'X-Forwarded-Email', 'X-Forwarded-Groups', 'X-Webauth-User'],
  ...['X-Auth-Request-User', 'X-Auth-Request-Email', 'Proxy-Authorization', 'Proxy-Connection'],
  ...['X-Ruche-Visitor-Host', 'X-Ruche-Visitor-Reason', 'X-Ruche-Visitor-Uri', 'X-Ruche-Visitor-Method'],
  'X-Ruche-Site',
  'X-Ruche-Person',
]

const set = (name: string, value: string) => `  proxy_set_header ${name} ${value};\n`

/** What sites and panel are told about the visitor: what this connection really is, in place of whatever the visitor said. */
export const SITE_HEADERS = [
  set('Host', '$public_host'),
  set('X-Real-IP', '$remote_addr'),
  set('X-Forwarded-For', '$remote_addr'),
  set('X-Forwarded-Proto', '$scheme'),
  set('X-Forwarded-Host', '$public_host'),
  set('X-Forwarded-Port', '$server_port'),
  set('Upgrade', '$upgrade'),
  set('Connection', '$site_connection'),
  ...NEVER_FROM_OUTSIDE.map((name) => set(name, '""')),
].join('')

/** What the panel is told when it is asked about a visitor; of the visitor's own request only what the answer depends on goes there. */
export function renderVisitorHeaders(panel: string, reason: VisitorReason): string {
  return [
    set('Host', panel),
    set('X-Ruche-Visitor-Host', '$host'),
    set('X-Ruche-Visitor-Reason', reason),
    set('X-Forwarded-For', '$remote_addr'),
    set('X-Real-IP', '$remote_addr'),
    set('X-Forwarded-Proto', '$scheme'),
    set('Accept-Language', '$http_accept_language'),
    set('Connection', 'close'),
    // Else nginx would announce the body of the visitor's request, which is not sent.
    set('Content-Length', '""'),
    set('Transfer-Encoding', '""'),
    ...(ABOUT_PEOPLE.has(reason) ? PEOPLE_HEADERS : []),
  ].join('')
}

/** What was asked for, whether a person waits to see it, and the pass that this host gave. */
const PEOPLE_HEADERS = [
  set('X-Ruche-Visitor-Uri', '$logged_uri'),
  set('X-Ruche-Visitor-Method', '$request_method'),
  set('Sec-Fetch-Mode', '$http_sec_fetch_mode'),
  set('Cookie', '$pass_cookie'),
]
const ABOUT_PEOPLE = new Set<VisitorReason>(['check', 'sign-in', 'enter'])

/**
 * Why the front proxy asks the panel: for a page, since there was no connection or no valid answer, silence for too long, or what the site's owner has set;
 * whether a visitor may see a site (`check`), to let one in (`enter`).
 */
export type VisitorReason =
  | 'unreachable'
  | 'timeout'
  | 'maintenance'
  | 'refused'
  | 'password'
  | 'unproven'
  | 'check'
  | 'sign-in'
  | 'enter'
