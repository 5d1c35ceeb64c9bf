import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const RESTART_DELAY_MS = 200
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'

/** A program that goes on as long as we do and tells by lines what happens; when it ends, it is begun again a little later. */
export interface Observer {
  /** A line for it; lost while none runs. */
  say(line: string): void
  isThere(): boolean
  close(): void
}

export interface Observed {
  onLine(line: string): void
  /** One has begun, the first or a later one. */
  onBegin?(observer: Pick<Observer, 'say'>): void
}

/** It must end with its input, or by itself with us: we may be killed. */
export function keepObserver(program: string, args: readonly string[], { onLine, onBegin }: Observed): Observer {
  let child: ChildProcessByStdio<Writable, Readable, null> | undefined
  let restart: NodeJS.Timeout | undefined
  let closed = false
  const say = (line: string): void => void child?.stdin.write(`${line}\n`)
  const again = (): void => {
    child = undefined
    if (!closed) restart ??= setTimeout(begin, RESTART_DELAY_MS)
  }
  const begin = (): void => {
    restart = undefined
    child = spawn(program, args, {
      cwd: '/',
      env: { PATH: SYSTEM_PATH },
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', onLine)
    for (const event of ['error', 'exit']) child.once(event, again)
    onBegin?.({ say })
  }
  begin()
  return {
    say,
    isThere: () => child !== undefined,
    close: () => {
      closed = true
      clearTimeout(restart)
      child?.kill('SIGKILL')
    },
  }
}
