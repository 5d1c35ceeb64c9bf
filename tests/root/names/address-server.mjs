// Somebody outside, over TLS: /ip says from which address it is asked, /nic/update is a dyndns2 service that writes down what it is told.
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'

const [folder, host] = process.argv.slice(2)
const read = (name) => readFileSync(join(folder, name))
createServer({ cert: read('chain.pem'), key: read('key.pem') }, ({ url, headers, socket }, answer) => {
  if (url === '/ip') return answer.end(socket.remoteAddress)
  const user = Buffer.from((headers.authorization ?? '').split(' ')[1] ?? '', 'base64').toString()
  appendFileSync(join(folder, 'told'), `${user} ${url}\n`)
  answer.end(user === 'home:a secret' ? 'good' : 'badauth')
}).listen(443, host)
