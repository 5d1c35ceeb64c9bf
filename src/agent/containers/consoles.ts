import { constants, existsSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { run } from '../host/run.js'
import { type ConsoleFile, consoleFile } from './console-file.js'

/**
 * What the first processes of containers say. Each console is a FIFO of the host: a site that holds its end can fill 64 KiB of kernel memory and nothing
 * else, while it would own the blocks of the host's disk through a log file. The container's own descriptor reads and writes, so nothing in it
 * gets SIGPIPE while no agent listens; and it does not block: what nobody reads in time is lost.
 */
export interface Consoles {
  /** Listens to a new life, and answers the descriptor that its PID 1 gets as output; the caller closes it. */
  begin(id: string): Promise<number>
  /** Listens again to a life that another agent began. */
  follow(id: string): Promise<void>
  /** A moment, for `saidSince`. */
  mark(id: string): number
  /** What was said after a moment of this life, of its last 64 KiB. */
  saidSince(id: string, mark: number): string
  /** Takes in what was said last and stops listening. */
  end(id: string): void
  /** The end of what was ever kept. */
  tail(id: string): Promise<string>
  remove(id: string): void
}

const RECENT_CHARACTERS = 64 * 1024
const WINDOW_MS = 1000
const MAX_BYTES_PER_WINDOW = 256 * 1024

interface Ear {
  drain(): void
  close(): void
  said: string
  /** Characters said before `said` begins. */
  forgotten: number
}

/** `onSaid`: told of what each says, as it comes. */
export function openConsoles(
  runFolder: string,
  logFolder: string,
  onSaid: (id: string, text: string) => void,
): Consoles {
  const ears = new Map<string, Ear>()
  const fifoOf = (id: string) => join(runFolder, 'containers', `${id}.console`)
  const fileOf = (id: string) => consoleFile(join(logFolder, 'sites', id, 'console.log'))
  const ready = async (id: string): Promise<string> => {
    mkdirSync(join(runFolder, 'containers'), { recursive: true, mode: 0o700 })
    if (!existsSync(fifoOf(id))) await run('mkfifo', ['-m', '0600', '--', fifoOf(id)])
    return fifoOf(id)
  }
  const follow = async (id: string): Promise<void> => {
    const fifo = await ready(id)
    if (!ears.has(id))
      ears.set(
        id,
        listen(fifo, fileOf(id), (text) => onSaid(id, text)),
      )
  }
  const end = (id: string): void => {
    ears.get(id)?.drain()
    ears.get(id)?.close()
    ears.delete(id)
  }
  return {
    async begin(id) {
      end(id)
      await follow(id)
      return openSync(fifoOf(id), constants.O_RDWR | constants.O_NONBLOCK)
    },
    follow,
    mark: (id) => (ears.get(id)?.forgotten ?? 0) + (ears.get(id)?.said.length ?? 0),
    saidSince(id, mark) {
      const ear = ears.get(id)
      ear?.drain()
      return ear ? ear.said.slice(Math.max(0, mark - ear.forgotten)) : ''
    },
    end,
    tail: (id) => fileOf(id).tail(),
    remove(id) {
      end(id)
      rmSync(fifoOf(id), { force: true })
      fileOf(id).remove()
    },
  }
}

function listen(fifo: string, file: ConsoleFile, onSaid: (text: string) => void): Ear {
  // A description of our own: the flags of the container's one are the container's to change. Open for writing too: no end of file between two writers.
  const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  const socket = new Socket({ fd: descriptor, readable: true, writable: false })
  const ear: Ear = { said: '', forgotten: 0, drain: () => drain(descriptor, add), close }
  let windowBytes = 0
  // Only from the first word on: most sites say nothing for hours.
  let window: NodeJS.Timeout | undefined
  const endWindow = (): void => {
    window = undefined
    windowBytes = 0
    socket.resume()
  }
  function add(chunk: Buffer): void {
    window ??= setTimeout(endWindow, WINDOW_MS).unref()
    windowBytes += chunk.length
    file.add(chunk)
    const text = chunk.toString('utf8')
    ear.said += text
    onSaid(text)
    const surplus = ear.said.length - RECENT_CHARACTERS
    if (surplus > 0) {
      ear.said = ear.said.slice(surplus)
      ear.forgotten += surplus
    }
    if (windowBytes > MAX_BYTES_PER_WINDOW) socket.pause()
  }
  function close(): void {
    clearTimeout(window)
    socket.destroy()
  }
  socket.on('data', add)
  socket.on('error', close)
  return ear
}

/** What is in the FIFO now; it holds 64 KiB, so this ends. */
function drain(descriptor: number, add: (chunk: Buffer) => void): void {
  const chunk = Buffer.alloc(64 * 1024)
  try {
    const length = readSync(descriptor, chunk)
    if (length > 0) add(chunk.subarray(0, length))
  } catch {
    // EAGAIN: nothing is in it.
  }
}
