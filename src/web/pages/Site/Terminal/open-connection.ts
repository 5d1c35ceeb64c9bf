import * as z from 'zod'
import { api } from '../../../../model/api.js'
import { ErrorAnswer } from '../../../../model/error-schema.js'
import type { TerminalSize } from '../../../../model/terminal.js'
import { ApiError } from '../../../api/api-error.js'
import { buildRequest } from '../../../api/build-request.js'
import { callApi } from '../../../api/call-api.js'

/** How a shell has ended. */
export type Ending = { exitCode: number } | { error: Error }

export interface Connection {
  type(bytes: Uint8Array<ArrayBuffer>): void
  resize(size: TerminalSize): void
  close(): void
}

interface Screen {
  show(bytes: Uint8Array): void
  end(ending: Ending): void
}

const LastWords = z.union([z.object({ exitCode: z.number() }), ErrorAnswer])

/** Joins a screen to a new shell of the site, until one of them ends. */
export function openConnection(name: string, size: TerminalSize, screen: Screen): Connection {
  let socket: WebSocket | undefined
  let isClosed = false
  const end = (ending: Ending): void => {
    if (!isClosed) screen.end(ending)
    isClosed = true
  }
  callApi('openTerminal', { params: { name }, body: { size } }).then(
    ({ ticket }) => {
      if (!isClosed) socket = join(name, ticket, { ...screen, end })
    },
    (error: Error) => end({ error }),
  )
  const send = (data: string | Uint8Array<ArrayBuffer>): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(data)
  }
  return {
    type: send,
    resize: (next) => send(JSON.stringify({ resize: next })),
    close() {
      isClosed = true
      socket?.close()
    },
  }
}

function join(name: string, ticket: string, screen: Screen): WebSocket {
  const { url } = buildRequest(api.joinTerminal, { params: { name }, query: { ticket } }, undefined)
  const socket = new WebSocket(new URL(url, location.href.replace(/^http/, 'ws')))
  let last: z.infer<typeof LastWords> | undefined
  socket.binaryType = 'arraybuffer'
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data === 'string') last = LastWords.safeParse(JSON.parse(data)).data
    else screen.show(new Uint8Array(data))
  }
  socket.onclose = () => {
    if (last && 'exitCode' in last) screen.end(last)
    else if (last) screen.end({ error: new ApiError(last.error, 400) })
    else screen.end({ error: new ApiError({ code: 'unavailable', message: 'The server cannot be reached.' }, 0) })
  }
  return socket
}
