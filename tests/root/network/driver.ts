// Runs the network code in the network namespace it was started in: one JSON command per line of stdin, one JSON answer per line of stdout.
import { createInterface } from 'node:readline'
import { type Network, type NetworkSettings, openNetwork, type Port } from '../../../src/agent/network/network.js'
import { asAppError } from '../../../src/model/errors.js'

export type Command =
  | { verb: 'open'; settings: NetworkSettings }
  | { verb: 'attach'; n: number; pid: number; startTime?: number }
  | { verb: 'detach' | 'forget'; n: number }
  | { verb: 'setPorts'; ports: Port[] }
  | { verb: 'check' | 'repair' | 'close' }

let network: Network | undefined

function opened(): Network {
  if (network === undefined) throw new Error('open it first')
  return network
}

async function obey(command: Command): Promise<unknown> {
  switch (command.verb) {
    case 'open':
      network = await openNetwork(command.settings)
      return null
    case 'attach':
      return await opened().attach(command.n, command.pid, command.startTime)
    case 'detach':
    case 'forget':
      return await opened()[command.verb](command.n)
    case 'setPorts':
      return await opened().setPorts(command.ports)
    default:
      return await opened()[command.verb]()
  }
}

async function answer(line: string): Promise<object> {
  const began = performance.now()
  try {
    const result = (await obey(JSON.parse(line) as Command)) ?? null
    return { result, ms: performance.now() - began }
  } catch (error) {
    const { code, message, cause } = asAppError(error)
    return { error: { code, message, cause: String(cause) } }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  // Lines that come together are obeyed together: the harness decides what runs side by side.
  const { id } = JSON.parse(line) as { id: number }
  void answer(line).then((value) => process.stdout.write(`${JSON.stringify({ id, ...value })}\n`))
}
