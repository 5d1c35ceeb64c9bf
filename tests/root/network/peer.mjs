// The other end of a connection, run inside a network namespace: node peer.mjs VERB ARGS…
import { createSocket } from 'node:dgram'
import { connect, createServer, isIPv6 } from 'node:net'
import { createInterface } from 'node:readline'

const [verb, ...words] = process.argv.slice(2)
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

const verbs = {
  // Answers every TCP connection with the address it came from, then echoes; every UDP packet with the address it came from.
  listen: (address, port) => {
    const tcp = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write(`${socket.remoteAddress}\n`)
      socket.pipe(socket)
    })
    tcp.listen({ host: address, port: Number(port), backlog: 1024 }, () => {
      const udp = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
      udp.on('message', (_message, from) => udp.send(from.address, from.port, from.address))
      udp.bind(Number(port), address, () => say('listening'))
    })
  },

  // One TCP connection: how it went, after how long, and the first words of the other side.
  connect: async (address, port, timeoutMs = '1500', from = undefined) =>
    say(await tryConnect({ host: address, port: Number(port), localAddress: from }, Number(timeoutMs))),

  // Many connections kept open: how many of them succeeded. They stay until the end of stdin. `firstPort`: they come from that port and those after it.
  hold: async (address, port, count, parallel = '50', firstPort = '0') => {
    const answers = []
    for (let at = 0; at < Number(count); at += Number(parallel)) {
      const some = Math.min(Number(parallel), Number(count) - at)
      const from = (n) => (firstPort === '0' ? {} : { localPort: Number(firstPort) + at + n })
      const round = Array.from({ length: some }, (_, n) =>
        tryConnect({ host: address, port: Number(port), ...from(n) }, 1000, true),
      )
      answers.push(...(await Promise.all(round)))
    }
    say({ connected: answers.filter((answer) => answer.ok).length })
    process.stdin.resume().on('end', () => process.exit(0))
  },

  // Many connections that stay: for each line of stdin, over how many of them it came back.
  many: async (address, port, count) => {
    const sockets = await Promise.all(
      Array.from({ length: Number(count) }, () => {
        const socket = connect({ host: address, port: Number(port) })
        socket.on('error', () => undefined)
        socket.setEncoding('latin1').setNoDelay()
        return new Promise((resolve) => {
          socket.once('data', () => resolve(socket))
          socket.once('close', () => resolve(undefined))
        })
      }),
    )
    const open = sockets.filter(Boolean)
    say({ connected: open.length })
    createInterface({ input: process.stdin })
      .on('line', async (word) => {
        const echoes = open.map((socket) => {
          if (!socket.writable) return false
          socket.write(word)
          return new Promise((resolve) => {
            const timer = setTimeout(resolve, 5000, false)
            socket.once('data', (data) => {
              clearTimeout(timer)
              resolve(data === word)
            })
          })
        })
        say({ echoed: (await Promise.all(echoes)).filter(Boolean).length })
      })
      .on('close', () => process.exit(0))
  },

  // UDP questions from as many ports: how many were answered.
  ask: async (address, port, count, timeoutMs = '1000', delayMs = '0') => {
    const sockets = []
    let answered = 0
    for (let at = 0; at < Number(count); at += 1) {
      const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
      socket.on('error', () => undefined)
      socket.on('message', (message) => {
        answered += 1
        socket.from = String(message)
      })
      socket.send('?', Number(port), address, () => undefined)
      sockets.push(socket)
      if (Number(delayMs) > 0) await new Promise((resolve) => setTimeout(resolve, Number(delayMs)))
    }
    const end = performance.now() + Number(timeoutMs)
    while (answered < Number(count) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    say({ answered, from: sockets.find((socket) => socket.from)?.from })
    process.exit(0)
  },

  // One connection over which each line of stdin is sent and its echo said.
  talk: (address, port) => {
    const socket = connect({ host: address, port: Number(port) })
    socket.on('error', (error) => say({ error: error.code }))
    socket.on('close', () => say('closed'))
    let first = true
    socket.on('data', (data) => {
      // The greeting: said first, so that it never comes in one piece with an echo.
      say(first ? 'connected' : String(data))
      first = false
    })
    process.stdin.on('data', (data) => socket.write(data))
    process.stdin.on('end', () => process.exit(0))
  },
}

function tryConnect(to, timeoutMs, keep = false) {
  return new Promise((resolve) => {
    const began = performance.now()
    const socket = connect(to)
    const end = (answer) => {
      clearTimeout(timer)
      if (!keep) socket.destroy()
      resolve({ ...answer, ms: Math.round(performance.now() - began) })
    }
    const timer = setTimeout(() => {
      socket.destroy()
      end({ ok: false, code: 'TIMEOUT' })
    }, timeoutMs)
    socket.on('error', (error) => end({ ok: false, code: error.code }))
    socket.once('data', (data) => end({ ok: true, said: String(data).trim() }))
    socket.on('data', () => undefined)
  })
}

await verbs[verb]?.(...words)
