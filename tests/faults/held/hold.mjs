// A crowd of visitors: node hold.mjs CA HOST KIND COUNT ADDRESS… opens that many connections from these addresses in turn and says how many stand.
// `idle` ones ask for a page, wait, and ask again every 5 s; `streams` send the body of a request byte by byte. At a line of stdin each does the
// rest of its work over the connection that it has, and it says how many could.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { connect } from 'node:tls'

const [, , caFile, host, kind, count, ...addresses] = process.argv
const ca = readFileSync(caFile)
const STEP_MS = 5000
const LENGTH = 4096

async function open(n) {
  const socket = connect({
    host,
    servername: host,
    port: 443,
    family: 4,
    ca,
    localAddress: addresses[n % addresses.length],
  })
  const visitor = { socket, text: '', problem: undefined, sent: 0 }
  socket.setEncoding('latin1')
  socket.on('data', (text) => {
    visitor.text += text
  })
  for (const event of ['error', 'end', 'close'])
    socket.on(event, (error) => {
      visitor.problem ??= `${event} ${error?.message ?? ''}`
    })
  await once(socket, 'secureConnect')
  return visitor
}

async function answer(visitor) {
  const end = performance.now() + 20_000
  while (!/^HTTP\/1\.1 200 [\s\S]*done\n\r\n0\r\n\r\n$/.test(visitor.text)) {
    if (visitor.problem) throw new Error(visitor.problem)
    if (performance.now() > end) throw new Error(`no answer: ${visitor.text.slice(0, 200)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  visitor.text = ''
}

async function ask(visitor) {
  visitor.socket.write(`GET /echo.php HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  await answer(visitor)
}

const kinds = {
  idle: {
    begin: ask,
    step: ask,
    finish: ask,
  },
  streams: {
    begin: async ({ socket }) => {
      socket.write(`POST /echo.php HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${LENGTH}\r\n\r\n`)
    },
    step: async (visitor) => {
      visitor.sent += 1
      visitor.socket.write('x')
    },
    finish: async (visitor) => {
      visitor.socket.write('x'.repeat(LENGTH - visitor.sent))
      await answer(visitor)
    },
  },
}

const { begin, step, finish } = kinds[kind]
const visitors = []
for (let at = 0; at < Number(count); at += 15) {
  const some = Array.from({ length: Math.min(15, Number(count) - at) }, (_, n) => open(at + n))
  visitors.push(...(await Promise.all(some)))
}
await Promise.all(visitors.map(begin))
await Promise.all(visitors.map(step))
process.stdout.write(`${visitors.filter(({ problem }) => !problem).length}\n`)
let last = Promise.resolve()
const timer = setInterval(() => {
  last = Promise.all(visitors.map((visitor) => step(visitor).catch((error) => (visitor.problem ??= error.message))))
}, STEP_MS)
await once(createInterface({ input: process.stdin }), 'line')
clearInterval(timer)
await last
const ends = await Promise.allSettled(visitors.map(finish))
const problems = [...visitors.map(({ problem }) => problem), ...ends.map(({ reason }) => reason?.message)]
const lost = [...new Set(problems.filter(Boolean))]
process.stdout.write(`${ends.filter(({ status }) => status === 'fulfilled').length} ${lost.join('; ')}\n`)
process.exit(0)
