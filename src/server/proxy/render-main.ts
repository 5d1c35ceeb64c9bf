import { fileLiteral, generationLiteral, pathLiteral, socketLiteral } from './literals.js'
import type { ProxyInput } from './proxy-input.js'
import { SITE_HEADERS } from './render-headers.js'
import { PASS_COOKIE, SESSION_COOKIE } from './session-cookie.js'

/** Host name under which the front proxy tells its generation to the machine itself (RFC 2606 §2: never a real name). */
export const STATUS_HOST = 'status.ruche.invalid'

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** `nginx.conf`: the process, the protocols, and what all servers share. */
export function renderMain(input: ProxyInput): string {
  const inRun = (name: string) => fileLiteral(input.runFolder, name)
  return `# Generation ${generationLiteral(input.generation)}. Written by Ruche; changes by hand are lost.
worker_processes auto;
worker_rlimit_nofile 16384;
# An open WebSocket or a long download survives this many minutes after a change of names.
worker_shutdown_timeout 30m;
pid ${inRun('nginx.pid')};
error_log stderr warn;
events {
  worker_connections 8192;
}
http {
  # What sites and visitors do wrong is told in the access log.
  error_log stderr crit;
${TEMPORARY.map((name) => `  ${name}_temp_path ${inRun(name)};\n`).join('')}  server_tokens off;
  default_type text/plain;
${input.http2 === 'directive' ? '  http2 on;\n' : ''}${PROTOCOLS}${renderMaps(input)}${renderLog(input)}${renderProxying(input)}  include ${fileLiteral(input.folder, 'pages.conf')};
  include ${fileLiteral(input.folder, 'servers.conf')};
}
`
}

// Slow clients lose their connection; a request that could be read in two ways is refused, here and by nginx itself.
const PROTOCOLS = `  client_header_timeout 10s;
  client_body_timeout 30s;
  send_timeout 30s;
  keepalive_timeout 30s;
  reset_timedout_connection on;
  client_body_buffer_size 16k;
  large_client_header_buffers 4 16k;
  ignore_invalid_headers on;
  underscores_in_headers off;
  merge_slashes off;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
  ssl_prefer_server_ciphers off;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;
  ssl_session_tickets off;
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 512;
  gzip_comp_level 4;
  gzip_types text/css text/plain text/xml text/javascript application/javascript application/json application/manifest+json application/xml application/rss+xml application/atom+xml application/wasm image/svg+xml font/ttf;
`

function renderLog({ accessLog }: ProxyInput): string {
  const fields = [
    '"at":$msec',
    ...['site $site_name', 'host $host', 'address $remote_addr', 'scheme $scheme', 'protocol $server_protocol'].map(
      quoted,
    ),
    ...['method $request_method', 'uri $logged_uri'].map(quoted),
    '"status":$logged_status,"requestBytes":$request_length,"sentBytes":$bytes_sent,"seconds":$request_time',
    ...['siteStatus $upstream_status', 'siteSeconds $upstream_response_time'].map(quoted),
    ...['referer $logged_referer', 'agent $logged_agent'].map(quoted),
  ]
  return `  log_format visits escape=json '{${fields.join(',')}}';
  # Who asks too often is refused, and fills no disk by that.
  map $status $is_logged { default 1; 429 ''; }
  # 009 is nginx's word for an answer without a status, and no number of JSON.
  map $status $logged_status { default $status; "~^0" 0; }
${TRIMMED.map(renderTrimmed).join('')}  access_log ${pathLiteral(accessLog)} visits buffer=32k flush=1s if=$is_logged;
`
}

/** What a visitor may make as long as nginx reads it, in the log only from its beginning: what is logged, from what, how many characters. */
const TRIMMED = [
  ['uri', 'request_uri', 1000],
  ['referer', 'http_referer', 300],
  ['agent', 'http_user_agent', 300],
] as const

function renderTrimmed([name, variable, length]: (typeof TRIMMED)[number]): string {
  return `  map $${variable} $logged_${name} { default ''; "~(?s)^(?<start_of_${name}>.{1,${length}})" $start_of_${name}; }\n`
}

function quoted(field: string): string {
  const [name, variable] = field.split(' ')
  return `"${name}":"${variable}"`
}

function renderMaps({ folder, limits }: ProxyInput): string {
  const file = (name: string) => `include ${fileLiteral(folder, name)};`
  return `  map_hash_max_size 65536;
  map_hash_bucket_size 512;
  server_names_hash_max_size 65536;
  server_names_hash_bucket_size 512;
  map $host $site_address { default ''; ${file('addresses.map')} }
  map $host $site_name { default ''; ${file('sites.map')} }
  map $ssl_server_name $certificate { hostnames; default ''; ${file('certificates.map')} }
  map $host $host_certificate { hostnames; default ''; ${file('certificates.map')} }
  # Only WebSockets: any other upgrade (h2c) would be a tunnel past the headers that are set here.
  map $http_upgrade $upgrade { default ''; websocket websocket; }
  map $http_accept $accepts_stream { default ''; text/event-stream 1; }
  map $upgrade $is_stream { default $accepts_stream; websocket 1; }
  # Sites with settings of their own: the named location that knows them.
  map $site_name $page_door { default ''; ${file('doors.map')} }
  map $site_name $stream_door { default ''; ${file('stream-doors.map')} }
  map $is_stream $door { default $page_door; 1 $stream_door; }
  map $site_name $is_plain { default ''; ${file('plain-sites.map')} }
  # Only such a request has an answer that is the same for everybody.
  map "$request_method:$http_cookie:$http_authorization:$http_range" $page_kind { default door; "GET:::" cache; "HEAD:::" cache; }
  map $upstream_http_content_length $is_unsized { default 1; "~^[0-9]{1,6}$" ''; }
  # nginx asks each site over a connection of its own. Who is told to close it does so first, and spares this machine a port in TIME_WAIT for each request.
  # Not with a body: who refuses one before it has come would close on it, and the refusal be lost.
  map "$request_method:$http_content_length$http_transfer_encoding" $connection_by_body { default ''; "GET:" close; "HEAD:" close; }
  map $upgrade $site_connection { default $connection_by_body; websocket upgrade; }
  # Hosted sites may plant cookies for the panel by the dozen: none but its own is passed on.
  map $http_cookie $panel_cookie { default ''; '~(?:^|; )(?<found_cookie>${SESSION_COOKIE}=[^; ]+)' $found_cookie; }
  # The pass of who may see a site is for us; the site never gets it.
  map $http_cookie $pass_cookie { default ''; '~(?:^|; )(?<found_pass>${PASS_COOKIE}=[^; ]+)' $found_pass; }
  map $http_cookie $cookie_without_pass { default $http_cookie; '~^(?<before_pass>.*?)(?:(?:^|; )${PASS_COOKIE}=[^;]*)(?<after_pass>.*)$' $before_pass$after_pass; }
  map $server_port $public_host { default $host:$server_port; 80 $host; 443 $host; }
  # Who has one IPv6 address has 2^64 of them.
  map $binary_remote_addr $source { default $binary_remote_addr; "~(?s)^(?<network>.{8}).{8}$" $network; }
  limit_conn_zone $source zone=by_source:10m;
  limit_conn_zone $source zone=panel_by_source:10m;
  limit_req_zone $source zone=often:10m rate=${limits.perSource}r/s;
  limit_req zone=often burst=${limits.perSource * 10} nodelay;
  limit_req_zone "$site_name $source" zone=relaxed:10m rate=50r/s;
  limit_req_zone "$site_name $source" zone=strict:10m rate=5r/s;
  limit_req_zone "$site_name $source" zone=passwords:10m rate=20r/s;
  limit_req_status 429;
  limit_req_log_level info;
  limit_conn_zone $site_name zone=by_site:10m;
  limit_conn_log_level info;
`
}

// Bodies stream both ways: a temporary file would let visitors fill the host's disk, and every site has a web server of its own that buffers within its quota.
function renderProxying({ limits, panelSocket, runFolder }: ProxyInput): string {
  return `  proxy_http_version 1.1;
  proxy_request_buffering off;
  proxy_buffering off;
  proxy_buffer_size 16k;
  proxy_buffers 4 16k;
  proxy_max_temp_file_size 0;
  proxy_headers_hash_max_size 2048;
  proxy_headers_hash_bucket_size 128;
  proxy_redirect off;
  proxy_intercept_errors off;
  proxy_next_upstream off;
  proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;
  proxy_connect_timeout ${limits.connectTimeoutMs}ms;
  proxy_send_timeout ${limits.siteTimeoutMs}ms;
  proxy_read_timeout ${limits.siteTimeoutMs}ms;
  proxy_cache_path ${fileLiteral(runFolder, 'cache')} levels=1:2 use_temp_path=off keys_zone=pages:10m max_size=256m inactive=1d;
${SITE_HEADERS}  upstream panel { server ${socketLiteral(panelSocket)}; }
`
}
