import { fstatSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { check } from '../model/check.js'
import { AppError } from '../model/errors.js'
import { ServerSettings } from '../model/server-settings.js'
import { type Log, openLog } from './log.js'
import { openServer, type Server } from './server.js'

const LONGEST_END_MS = 9500

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { settings: { type: 'string' } } })
  if (values.settings === undefined) throw new AppError('invalid', 'usage: server --settings FILE')
  const settings = check(ServerSettings, JSON.parse(await readFile(values.settings, 'utf8')), values.settings)
  const log = openLog(settings.logFolder)
  // A promise that nobody waited for is a mistake of ours, but no reason to leave everybody without a panel.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception')
    process.exit(1)
  })
  try {
    const server = await openServer(settings, log)
    endWhenTold(server, log)
  } catch (error) {
    log.fatal({ err: error instanceof AppError ? (error.cause ?? error) : error }, 'the server could not start')
    throw error
  }
}

function endWhenTold(server: Server, log: Log): void {
  let ending = false
  const end = (why: string) => {
    if (ending) return
    ending = true
    log.info({ why }, 'ending')
    setTimeout(() => process.exit(1), LONGEST_END_MS).unref()
    server
      .close()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        log.error({ err: error }, 'did not end well')
        process.exit(1)
      })
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal))
  // `ruche up` holds the other end of a pipe: when it is gone, so are we.
  const stdin = fstatSync(0)
  if (!stdin.isFIFO() && !stdin.isSocket()) return
  process.stdin.on('end', () => end('standard input ended'))
  process.stdin.on('error', () => end('standard input ended'))
  process.stdin.resume()
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? [error.message, error.hint].filter(Boolean).join(' ') : error)
  process.exit(1)
})
