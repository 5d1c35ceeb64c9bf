// This is your site's first program. Change it, or put your own in its place: what package.json starts answers the visitors,
// and files below public/ are served beside it. Touch tmp/restart.txt after a change.
const http = require('node:http')

const TEXTS = {
  en: {
    title: (name) => `${name} is live`,
    intro:
      'This page comes from <code>server.js</code>. Change it in the panel’s editor or by SFTP, then touch <code>tmp/restart.txt</code>. Files in <code>public</code> are on the web as they are.',
    version: 'Node.js version',
    time: 'Time of this answer',
    visits: 'Visits, counted in the database',
    missing: 'There is nothing at this address.',
    broken: 'The database did not answer. It may still be starting: try again in a moment.',
  },
  fr: {
    title: (name) => `${name} est en ligne`,
    intro:
      'Cette page vient de <code>server.js</code>. Modifiez-le dans l’éditeur du panneau ou par SFTP, puis touchez <code>tmp/restart.txt</code>. Les fichiers de <code>public</code> sont sur le web tels quels.',
    version: 'Version de Node.js',
    time: 'Heure de la réponse',
    visits: 'Visites, comptées dans la base de données',
    missing: 'Il n’y a rien à cette adresse.',
    broken: 'La base de données n’a pas répondu. Elle démarre peut-être encore : réessayez dans un instant.',
  },
}

const TABLE = 'CREATE TABLE IF NOT EXISTS visits (page INTEGER PRIMARY KEY, number BIGINT NOT NULL)'
const ADD = 'INSERT INTO visits (page, number) VALUES (1, 1) ON CONFLICT (page) DO UPDATE SET number = visits.number + 1 RETURNING number'
const ADD_MARIADB = 'INSERT INTO visits (page, number) VALUES (1, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE number = LAST_INSERT_ID(number + 1)'

/** Counts this visit in the site's own database, whose address and password are in the environment. */
async function countVisit() {
  const { DATABASE_URL, DATABASE_SOCKET: socket, DATABASE_USER: user, DATABASE_PASSWORD: password, DATABASE_NAME: database } = process.env
  if (DATABASE_URL.startsWith('mysql:')) {
    const connection = require('mysql').createConnection({ socketPath: socket, user, password, database })
    const query = (text) => new Promise((resolve, reject) => connection.query(text, (error, rows) => (error ? reject(error) : resolve(rows))))
    try {
      await query(TABLE)
      return (await query(ADD_MARIADB)).insertId
    } finally {
      connection.destroy()
    }
  }
  if (DATABASE_URL.startsWith('postgresql:')) {
    const client = new (require('pg').Client)({ host: socket, user, password, database })
    await client.connect()
    try {
      await client.query(TABLE)
      return (await client.query(ADD)).rows[0].number
    } finally {
      await client.end()
    }
  }
  const { Database } = require('sqlite3')
  return new Promise((resolve, reject) => {
    const file = new Database(process.env.DATABASE_FILE)
    file.configure('busyTimeout', 5000)
    file.exec(TABLE, (failed) => {
      if (failed) return reject(failed)
      file.get(ADD, (error, row) => {
        file.close()
        if (error) reject(error)
        else resolve(row.number)
      })
    })
  })
}

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** French for whoever likes it better than English. */
const preferredLanguage = (header = '') => {
  const quality = (name) => Math.max(0, ...header.split(',').map((part) => {
    const match = /^\s*([a-z]+)[^;]*(?:;\s*q=([0-9.]+))?/i.exec(part)
    return match?.[1].toLowerCase() === name ? Number(match[2] ?? 1) : 0
  }))
  return quality('fr') > quality('en') ? 'fr' : 'en'
}

async function answer(request, response) {
  const language = preferredLanguage(request.headers['accept-language'])
  const text = TEXTS[language]
  const headers = { 'Cache-Control': 'no-store', Vary: 'Accept-Language' }
  if (request.url.split('?')[0] !== '/') {
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text.missing}\n`)
    return
  }
  let visits
  let broken = false
  if (process.env.DATABASE_URL) {
    visits = await countVisit().catch((error) => {
      console.error(error.message)
      broken = true
    })
  }
  const title = escape(text.title(process.env.SITE_NAME ?? 'site'))
  response.writeHead(broken ? 503 : 200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>
:root { --ink: #2b2417; --soft: #6f6450; --paper: #fffaf0; --card: #fff; --line: #eadfc6; --honey: #e0a100; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3ead6; --soft: #b7aa8e; --paper: #1c1811; --card: #262117; --line: #40382a; --honey: #f2b929; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
main { width: min(38rem, 100%); padding: 2.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
svg { width: 3.5rem; fill: var(--honey); }
h1 { margin: .75rem 0 .25rem; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
p { margin: .75rem 0 0; }
code { padding: .1em .35em; border: 1px solid var(--line); border-radius: .3em; font-size: .9em; }
dl { display: grid; grid-template-columns: 1fr auto; gap: .5rem 1.5rem; margin: 1.75rem 0 0; padding-top: 1.25rem; border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
output { font-weight: 700; }
.note { color: var(--soft); }
</style>
</head>
<body>
<main>
<svg viewBox="-6 0 70 56" aria-hidden="true"><path d="M18 0h16l8 14-8 14H18l-8-14zM38 28h16l8 14-8 14H38l-8-14zM2 30h14l8 13-8 13H2l-8-13z"/></svg>
<h1>${title}</h1>
<p>${text.intro}</p>
${broken ? `<p class="note" role="alert">${text.broken}</p>` : ''}
<dl>
<dt>${text.version}</dt><dd>${process.versions.node}</dd>
${visits === undefined ? '' : `<dt>${text.visits}</dt><dd><output id="visits">${visits}</output></dd>`}
<dt>${text.time}</dt><dd>${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC</dd>
</dl>
</main>
</body>
</html>
`)
}

http
  .createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error)
      response.writeHead(500).end()
    })
  })
  .listen(process.env.PORT ?? 8080, '127.0.0.1')
