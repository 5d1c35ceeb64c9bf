import type http from 'node:http'
import type net from 'node:net'
import type { Keeper } from './keeper.js'

const LOOKS = new Set(
  'host.status host.doctor events container.get container.list container.logs container.programs template.list template.choices backup.list backup.survey backup.files files.list files.read files.stat files.search files.peek'.split(
    ' ',
  ),
)

/** What the server asks of the agent: one connection is one call. */
export function callsAgent(keeper: Keeper, sockets: typeof net): void {
  const table = sockets as { createConnection: (...args: unknown[]) => net.Socket }
  const { createConnection } = table
  table.createConnection = (...args) => {
    const socket = createConnection(...args)
    const write = socket.write.bind(socket) as (text: string) => boolean
    let asked = false
    socket.write = (text: unknown) => {
      const call = asked ? undefined : /^\{"call":"([\w.]+)"/.exec(String(text))?.[1]
      if (call === undefined || LOOKS.has(call)) return write(text as string)
      asked = true
      const { effect } = keeper.enter(`call ${call}`)
      keeper.busy(1)
      socket.prependOnceListener('close', () => keeper.busy(-1))
      socket.prependListener('data', (line) => {
        if (/^\{"(result|error)"/m.test(String(line))) keeper.pass('after', effect)
      })
      const written = write(text as string)
      keeper.pass('begun', effect)
      return written
    }
    return socket
  }
}

/** What is acknowledged: the last line of a call of the agent, the answer to a request. */
export function watchAnswers(keeper: Keeper, sockets: typeof net, web: typeof http): void {
  type End = (this: object, ...args: unknown[]) => unknown
  const watch = (kind: object, isAnswer: (end: object, text: unknown) => boolean): void => {
    const table = kind as { end: End }
    const { end } = table
    table.end = function (...args) {
      if (!isAnswer(this, args[0])) return end.apply(this, args)
      const { effect } = keeper.enter('answer')
      const result = end.apply(this, args)
      keeper.pass('after', effect)
      return result
    }
  }
  watch(sockets.Socket.prototype, (_, text) => typeof text === 'string' && text.startsWith('{"result":'))
  watch(web.ServerResponse.prototype, (answer) => {
    const { req } = answer as http.ServerResponse
    return req.method !== 'GET'
  })
}
