// Requests per second through the front proxy, beside the same nginx with one hand-written proxy_pass: `node bench/proxy.mjs [--quick] [--json]`, as root.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { print } from './rows.mjs'
import { isRunAs, run, until } from './run.mjs'
import { summarise } from './summarise.mjs'

const WANTED = 0.9
/** The clock of /proc: 100 to the second on every Debian. */
const MICROSECONDS_PER_TICK = 10_000
const [SITE, BASE] = ['127.10.1.2', 'sites.example.test']
const [NAME, PLAIN] = [`shop.${BASE}`, `plain.${BASE}`]
const PORTS = { ruche: { http: 8080, https: 8443 }, hand: { http: 9080, https: 9443 } }
const HERE = new URL('.', import.meta.url).pathname

/** A network of its own, so that no port is anybody's already, in which the site's name leads here: wrk asks for it in the handshake. */
if (!process.env.RUCHE_BENCH_ALONE) {
  const script = `ip link set lo up && mount -t tmpfs none /mnt && echo "127.0.0.1 ${NAME} ${PLAIN}" > /mnt/hosts && mount --bind /mnt/hosts /etc/hosts && exec "$@"`
  const argv = ['--net', '--mount', '--', 'sh', '-c', script, 'sh', process.execPath, ...process.argv.slice(1)]
  const child = spawn('unshare', argv, { stdio: 'inherit', env: { ...process.env, RUCHE_BENCH_ALONE: '1' } })
  child.on('exit', (code) => process.exit(code ?? 1))
} else process.exit(await main())

async function main() {
  const isQuick = process.argv.includes('--quick')
  const folder = mkdtempSync('/tmp/ruche-bench-')
  chmodSync(folder, 0o755)
  const started = []
  try {
    const renderProxy = await loadRenderer(folder)
    await makeCertificate(folder)
    started.push(startNginx(folder, 'site', siteText(folder)))
    const proxies = { hand: startNginx(folder, 'hand', handText(folder)), ruche: startRuche(folder, renderProxy) }
    started.push(...Object.values(proxies))
    const ratios = []
    for (const scheme of ['http', 'https'])
      ratios.push(await compare(proxies, scheme, isQuick ? { rounds: 7, seconds: 1 } : { rounds: 9, seconds: 4 }))
    print({ ratios })
    return ratios.every(({ met }) => met) ? 0 : 1
  } finally {
    for (const child of started) child.kill('SIGTERM')
    await Promise.all(
      started.map((child) => new Promise((resolve) => (isRunAs(child) ? child.once('exit', resolve) : resolve()))),
    )
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One after the other, so that what else the machine does falls on both. */
async function compare(proxies, scheme, { rounds, seconds }) {
  const figures = { ruche: [], hand: [] }
  const costs = { ruche: [], hand: [] }
  for (const who of ['ruche', 'hand'])
    await until(`${who} answers`, () =>
      load(who, scheme, 1).then(({ failed, perSecond }) => failed === 0 && perSecond > 0),
    )
  for (let round = 0; round < rounds; round++)
    for (const who of round % 2 === 0 ? ['ruche', 'hand'] : ['hand', 'ruche']) {
      const before = ticksOf(proxies[who])
      const { perSecond, failed, requests } = await load(who, scheme, seconds)
      if (failed > 0) throw new Error(`${failed} requests through ${who} failed`)
      costs[who].push(((ticksOf(proxies[who]) - before) * MICROSECONDS_PER_TICK) / requests)
      figures[who].push(perSecond)
    }
  const pairs = summarise(figures.ruche.map((value, round) => value / figures.hand[round]))
  return {
    name: `requests/s over ${scheme} : hand-written proxy_pass`,
    atLeast: true,
    unit: 'requests/s',
    value: pairs.median,
    wanted: WANTED,
    met: pairs.median >= WANTED,
    ...{ min: pairs.min, max: pairs.max, rounds },
    ...{ ruche: summarise(figures.ruche), other: summarise(figures.hand) },
    cpuMicroseconds: { ruche: summarise(costs.ruche), hand: summarise(costs.hand) },
  }
}

/** CPU time that an nginx and its workers have used (proc_pid_stat(5)): other than requests per second, it hardly depends on what else runs. */
function ticksOf({ pid }) {
  const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return [pid, ...workers].reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1].split(' ')
    return sum + Number(fields[11]) + Number(fields[12])
  }, 0)
}

async function load(who, scheme, seconds) {
  const text = await run('wrk', [
    '-t2',
    '-c64',
    `-d${seconds}s`,
    `${scheme}://${scheme === 'http' ? PLAIN : NAME}:${PORTS[who][scheme]}/`,
  ])
  const count = (pattern) => Number(pattern.exec(text)?.[1] ?? 0)
  const failed = ['connect', 'read', 'write', 'timeout'].reduce(
    (sum, kind) => sum + count(new RegExp(`${kind} (\\d+)`)),
    0,
  )
  return {
    requests: count(/(\d+) requests in/),
    perSecond: count(/Requests\/sec:\s+([\d.]+)/),
    failed: failed + count(/Non-2xx or 3xx responses: (\d+)/),
  }
}

async function loadRenderer(folder) {
  const outfile = join(folder, 'render.mjs')
  const entry = `export { renderProxy } from '../src/server/proxy/render-proxy.js'; export { DEFAULT_PROXY_LIMITS } from '../src/server/proxy/proxy-input.js'; export { DEFAULT_SETTINGS } from '../src/model/site-settings.js'`
  const stdin = { contents: entry, resolveDir: HERE, loader: 'ts' }
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' })
  const { renderProxy, DEFAULT_PROXY_LIMITS, DEFAULT_SETTINGS } = await import(outfile)
  // The site without settings, and one like it that is served without HTTPS too.
  const sites = [
    { name: 'shop', ipv4: SITE, domains: [NAME] },
    {
      name: 'plain',
      ipv4: SITE,
      domains: [PLAIN],
      settings: { ...DEFAULT_SETTINGS, cacheEpoch: 0, forceHttps: false },
    },
  ]
  // The load comes from one address, which is held to no number here.
  const limits = { ...DEFAULT_PROXY_LIMITS, perSource: 60_000 }
  return (input) => renderProxy({ ...input, sites, limits })
}

async function makeCertificate(folder) {
  const names = `subjectAltName=DNS:${BASE},DNS:*.${BASE}`
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await run('openssl', ['req', '-x509', ...kind, '-subj', `/CN=${BASE}`, '-addext', names, ...files])
}

function temporary(folder) {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};\n`).join('')
}

/** What a person writes who has one site. */
function handText(folder) {
  return `worker_processes auto;
pid ${folder}/hand/pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
${temporary(`${folder}/hand`)}  access_log ${folder}/hand/access.log;
  server {
    listen 127.0.0.1:${PORTS.hand.http};
    listen 127.0.0.1:${PORTS.hand.https} ssl;
    ssl_certificate ${folder}/certificate.pem;
    ssl_certificate_key ${folder}/key.pem;
    location / { proxy_pass http://${SITE}:80; }
  }
}
`
}

function siteText(folder) {
  return `worker_processes 1;
pid ${folder}/site/pid;
error_log stderr warn;
events { worker_connections 8192; }
http {
${temporary(`${folder}/site`)}  access_log off;
  default_type text/html;
  server { listen ${SITE}:80 backlog=4096; location / { return 200 "${'a page of a site '.repeat(64)}"; } }
}
`
}

function startRuche(folder, renderProxy) {
  const own = join(folder, 'ruche')
  mkdirSync(own)
  const certificate = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') }
  const files = renderProxy({
    generation: 'g-bench-00000000',
    folder: own,
    runFolder: own,
    panelSocket: join(own, 'panel.sock'),
    accessLog: join(own, 'access.log'),
    challengeRoot: join(own, 'challenges'),
    listen: ['127.0.0.1'],
    httpPort: PORTS.ruche.http,
    httpsPort: PORTS.ruche.https,
    http2: 'listen',
    panel: { name: 'ruche.example.test', certificate },
    platform: { baseDomain: BASE, certificate },
    pendingNames: [],
    ownCertificates: [],
    siteNetworks: [],
  })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text)
  return spawnNginx(own)
}

function startNginx(folder, name, text) {
  const own = join(folder, name)
  mkdirSync(own)
  writeFileSync(join(own, 'nginx.conf'), text)
  return spawnNginx(own)
}

function spawnNginx(folder) {
  const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off; user root;']
  return spawn('nginx', args, { stdio: ['ignore', 'inherit', 'inherit'] })
}
