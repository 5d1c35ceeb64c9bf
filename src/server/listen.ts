import { chmod, chown, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../model/errors.js'

export interface SocketFile {
  path: string
  mode: number
  /** Name of the group that may open it. */
  group?: string
}

/** Listens on a unix socket with exactly that mode and group; one that a dead server left is replaced, a live one's is not. */
export async function listenOn(app: FastifyInstance, { path, mode, group }: SocketFile): Promise<void> {
  await assertNobodyListens(path)
  await rm(path, { force: true })
  // Nobody else from the first moment on: what is allowed is added afterwards.
  const before = process.umask(0o177)
  try {
    await app.listen({ path })
  } finally {
    process.umask(before)
  }
  if (group !== undefined) await chown(path, process.getuid?.() ?? -1, await getGroupId(group))
  await chmod(path, mode)
}

/** AppError `conflict` when a live server listens there. */
export async function assertNobodyListens(path: string): Promise<void> {
  if (await answers(path)) throw new AppError('conflict', `Another server listens on ${path}.`)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Number of a group in group(5). */
async function getGroupId(name: string): Promise<number> {
  const lines = (await readFile('/etc/group', 'utf8')).split('\n').map((line) => line.split(':'))
  const id = Number(lines.find(([group]) => group === name)?.[2])
  if (Number.isInteger(id)) return id
  throw new AppError('host_failed', `This machine has no group ${name}.`, { hint: 'ruche up makes it.' })
}
