import { createServer } from 'node:net'
import { AppError } from '../../model/errors.js'

/** Who listens on a port. */
export interface PortHolder {
  /** In words: `apache2 (process 12)`. Undefined: it could not be found out. */
  name: string | undefined
  /** Our own front proxy, of a run before. */
  ours: boolean
}

export interface PortQuestions {
  isFree(port: number): Promise<boolean>
  findHolder(port: number): Promise<PortHolder>
}

/**
 * The port to use: the one wanted when it is free or our own front proxy has it. Otherwise the next free one from `next` on, or, without `next`,
 * AppError `conflict` that names who has it.
 */
export async function choosePort(
  wanted: number,
  next: number | undefined,
  key: string,
  questions: PortQuestions,
): Promise<number> {
  if (await isUsable(wanted, questions)) return wanted
  if (next === undefined) {
    const { name } = await questions.findHolder(wanted)
    throw new AppError('conflict', `Port ${wanted} is taken${name ? ` by ${name}` : ''}.`, {
      hint: `end what uses it, or set another one: ${key} in the configuration`,
      fields: [{ path: key, message: 'this port is taken' }],
    })
  }
  for (let port = next; port < next + 200; port++) if (await isUsable(port, questions)) return port
  throw new AppError('conflict', `No port from ${next} on is free.`)
}

async function isUsable(port: number, { isFree, findHolder }: PortQuestions): Promise<boolean> {
  return (await isFree(port)) || (await findHolder(port)).ours
}

/** Whether nobody listens there yet, on any of these addresses. Other errors than that are thrown. */
export async function arePortsFree(addresses: string[], port: number): Promise<boolean> {
  for (const host of addresses) if (!(await isPortFree(host, port))) return false
  return true
}

function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(new AppError('host_failed', `${host} port ${port} cannot be listened on: ${error.message}`))
    })
    probe.listen({ host, port, exclusive: true, ipv6Only: true }, () => probe.close(() => resolve(true)))
  })
}
