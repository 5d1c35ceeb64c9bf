import type { ChildProcess } from 'node:child_process'

/** Calls between a test and a process of the lab over Node's own channel: one request, one answer. */
type Functions = Record<string, (value: never) => unknown>

interface Message {
  id: number
  name?: string
  value?: unknown
  error?: string
}

interface End {
  send?: (message: Message) => unknown
  on(event: 'message', listener: (message: Message) => void): unknown
}

export type Call = <T>(name: string, value?: unknown) => Promise<T>

/** Answers the other end's calls with `functions`, and gives the way to call it. */
export function connectEnds(end: ChildProcess | NodeJS.Process, functions: Functions): Call {
  const channel = end as unknown as End
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  channel.on('message', (message) => {
    if (message.name !== undefined) {
      const work = functions[message.name] as ((value: unknown) => unknown) | undefined
      Promise.resolve()
        .then(() => {
          if (!work) throw new Error(`no ${message.name} here`)
          return work(message.value)
        })
        .then(
          (value) => channel.send?.({ id: message.id, value }),
          (error: Error) => channel.send?.({ id: message.id, error: error.message }),
        )
      return
    }
    const caller = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) caller?.resolve(message.value)
    else caller?.reject(new Error(message.error))
  })
  return <T>(name: string, value?: unknown) =>
    new Promise<T>((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject })
      channel.send?.({ id: last, name, value })
    })
}
