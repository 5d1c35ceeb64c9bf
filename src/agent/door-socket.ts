import { chown, lstat, mkdir, rename, rm } from 'node:fs/promises'
import { createConnection, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { AppError } from '../model/errors.js'
import { tryLockFile } from './host/file-lock.js'
import { run } from './host/run.js'

const NOT_ANOTHERS = 0o117

/** Holds `agent.lock` of the state folder until this process ends, however it ends. AppError `conflict` while another agent holds it. */
export async function lockState(stateFolder: string): Promise<void> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 })
  if (!(await tryLockFile(join(stateFolder, 'agent.lock')))) throw alreadyRunning(stateFolder)
}

/**
 * Listens at `path` for root and `group` only (0660). The socket is made under another name with its final mode and owner, so nobody else can
 * ever open it, and takes the place of a dead agent's. AppError `conflict` when a live agent answers there.
 */
export async function listenAt(server: Server, path: string, group: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  // The folder is the server's too: a socket that is not root's is no agent's, and gives way.
  const found = await lstat(path).catch(() => undefined)
  if (found?.uid === 0 && (await answers(path))) throw alreadyRunning(path)
  const fresh = `${path}.${process.pid}`
  await rm(fresh, { force: true })
  const listening = new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  // The socket's file is made before listen() returns, so nothing else of this process runs under this mask.
  const before = process.umask(NOT_ANOTHERS)
  try {
    server.listen(fresh)
  } finally {
    process.umask(before)
  }
  await listening
  await chown(fresh, 0, await groupId(group))
  await rename(fresh, path)
}

async function groupId(group: string): Promise<number> {
  const { stdout } = await run('getent', ['group', '--', group], { accept: [0, 2] })
  const id = Number(stdout.split(':')[2])
  if (stdout !== '' && Number.isInteger(id)) return id
  throw new AppError('host_failed', `there is no group ${group} on this machine`, { hint: 'ruche up makes it.' })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const settle = (isAlive: boolean): void => {
      socket.destroy()
      resolve(isAlive)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function alreadyRunning(where: string): AppError {
  return new AppError('conflict', `another agent is running already (${where})`, {
    hint: 'One platform has one agent. End the other one, or choose another --root.',
  })
}
