import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'

export type Log = Logger

// Requests and causes are logged by hand with chosen fields; this is the net below that.
const SECRETS = ['password', 'token', 'cookie', 'authorization', 'databasePassword', 'sftpPasswordHash']

/** The server's log: JSON lines in `server.log`, written at once so that a crash loses none. */
export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true })
  const destination = pino.destination({ dest: join(folder, 'server.log'), sync: true, mode: 0o640 })
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: hidden(), censor: '…' } },
    destination,
  )
}

function hidden(): string[] {
  return SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
}
