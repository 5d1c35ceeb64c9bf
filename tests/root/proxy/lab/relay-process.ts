// Runs in a network namespace: whoever connects to its unix socket and writes one line `{host, port, from}` is connected through to there.
import { connect, createServer } from 'node:net'

export interface RelayTarget {
  host: string
  port: number
  /** Own address to speak from. */
  from?: string
}

const path = process.argv[2] ?? ''
const server = createServer((outer) => {
  outer.on('error', () => undefined)
  outer.once('data', (chunk: Buffer) => {
    outer.pause()
    const end = chunk.indexOf('\n')
    const { host, port, from } = JSON.parse(chunk.subarray(0, end).toString()) as RelayTarget
    const inner = connect({ host, port, ...(from !== undefined && { localAddress: from }) })
    inner.on('error', () => outer.destroy())
    inner.on('connect', () => {
      inner.write(chunk.subarray(end + 1))
      outer.pipe(inner)
      inner.pipe(outer)
    })
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
  })
})
server.listen(path, () => process.send?.('ready'))
process.on('disconnect', () => process.exit())
