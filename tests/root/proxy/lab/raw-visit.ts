import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { VM_IPV4 } from '../../../helpers/outer-network.js'
import type { Lab } from './lab.js'

/** Opens TLS (HTTP/1.1) for `name` over a connection; the certificate's own verdict is not the matter here. */
export function openTls(socket: Socket, name: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const options = { socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }
    const tls = connectTls({ ...options, ...(name !== undefined && { servername: name }) }, () => resolve(tls))
    tls.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
  })
}

/** Writes bytes and answers everything that comes back until the other side closes or says nothing for `quietMs`. */
export function talk(socket: Socket, bytes: string | Buffer, quietMs = 700): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const end = () => {
      socket.destroy()
      resolve(text)
    }
    let timer = setTimeout(end, quietMs + 2_000)
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      clearTimeout(timer)
      timer = setTimeout(end, quietMs)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
    socket.write(bytes)
  })
}

/** One raw exchange over TLS as a visitor who asks for `name` in the handshake. */
export async function visitRaw(lab: Lab, name: string, bytes: string, host = VM_IPV4): Promise<string> {
  return talk(await openTls(await lab.connect({ host, port: 443 }), name), bytes)
}

export const statusesOf = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((found) => Number(found[1]))
