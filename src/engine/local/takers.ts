import type { Socket } from 'node:net'

export interface Takers {
  /** Nothing more is read from the socket until that promise is kept. */
  wait(taking: void | Promise<void>): void
  /** Calls back when all that was waited for is over. */
  allTaken(then: () => void): void
}

/** Slows the agent down to the pace of those who take a program's output: a socket that is not read fills, and the program waits. */
export function makeTakers(socket: Socket, silenceMs: number, fail: (error: unknown) => void): Takers {
  let waiting = 0
  let onTaken: (() => void) | undefined
  const taken = (): void => {
    waiting -= 1
    if (waiting > 0) return
    socket.setTimeout(silenceMs)
    socket.resume()
    onTaken?.()
  }
  return {
    wait(taking) {
      if (!taking) return
      waiting += 1
      // The silence is ours now, not the agent's.
      socket.setTimeout(0)
      socket.pause()
      taking.then(taken, fail)
    },
    allTaken(then) {
      if (waiting === 0) then()
      else onTaken = then
    },
  }
}
