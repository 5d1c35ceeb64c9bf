import { type FileHandle, open } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { AppError } from '../../model/errors.js'
import { lockFile } from './child.js'

export interface Lock {
  release(): Promise<void>
}

/** One platform per folder: an flock(2) that ends with us, however we end. AppError `conflict` when another `up` holds it. */
export async function lockFolder(path: string, where: string): Promise<Lock> {
  const file: FileHandle = await open(path, 'a+', 0o600)
  if (!(await lockFile(file.fd))) {
    await file.close()
    throw runsAlready(where)
  }
  return { release: () => file.close() }
}

/**
 * One platform per network: bridge and addresses can only be there once. An abstract socket (unix(7)) belongs to the network namespace and ends with us.
 * AppError `conflict` that names the other platform's folder.
 */
export async function lockNetwork(bridge: string, where: string): Promise<Lock> {
  const name = `\0ruche.${bridge}`
  const server: Server = createServer((caller) => caller.on('error', () => undefined).end(where))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(name, resolve)
  }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    const holder = await askHolder(name)
    if (holder === where) throw runsAlready(where)
    throw new AppError('conflict', `Another Ruche runs on this network: ${holder}.`, {
      hint: 'end it first, or run this one in a network namespace of its own',
    })
  })
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

const runsAlready = (where: string) =>
  new AppError('conflict', `Ruche runs already in ${where}.`, { hint: 'ruche status shows it' })

function askHolder(name: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const caller = connect(name)
    caller.setTimeout(1000, () => caller.destroy())
    caller.on('data', (chunk) => {
      text += chunk
    })
    caller.on('error', () => undefined)
    caller.on('close', () => resolve(text || 'it does not say where'))
  })
}
