import { once } from 'node:events'
import type { Command } from 'commander'
import WebSocket from 'ws'
import * as z from 'zod'
import { planRequest } from '../../client/plan-request.js'
import { ErrorAnswer } from '../../model/error-schema.js'
import { AppError, fromErrorBody } from '../../model/errors.js'
import type { TerminalSize } from '../../model/terminal.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'

const LastWords = z.union([z.object({ exitCode: z.number() }), ErrorAnswer])

export function defineShell(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .addHelpText('after', '\nA shell as the site’s user, on a terminal of the site’s own. It ends with exit or Ctrl-D.')
    .action(async (text: string) => {
      const context = open()
      const name = checkSiteName(text)
      if (!process.stdin.isTTY || !process.stdout.isTTY)
        throw new AppError('invalid', 'shell needs a terminal', { hint: `programs are run by ruche exec ${name} -- …` })
      const { ticket } = await context.client.call('openTerminal', { params: { name }, body: { size: findSize() } })
      const { path } = planRequest('joinTerminal', { params: { name }, query: { ticket } })
      process.exitCode = await joinTerminal(new WebSocket(`ws+unix://${context.socketPath}:${path}`))
    })
}

function findSize(): TerminalSize {
  const within = (count: number): number => Math.min(1000, Math.max(1, count))
  return { rows: within(process.stdout.rows), columns: within(process.stdout.columns) }
}

/**
 * Joins this terminal to the site's until that ends; its exit code. What the site writes acts on this terminal, as a shell's output must: it can change
 * how it looks, and not type into it, because what it is answered is read by the site alone.
 */
async function joinTerminal(socket: WebSocket): Promise<number> {
  let last: z.infer<typeof LastWords> | undefined
  const type = (chunk: Buffer): void => socket.send(chunk, { binary: true })
  const resize = (): void => socket.send(JSON.stringify({ resize: findSize() }))
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) process.stdout.write(data)
    else last = LastWords.parse(JSON.parse(String(data)))
  })
  const closed = once(socket, 'close')
  await once(socket, 'open').catch((cause: unknown) => {
    throw new AppError('unavailable', 'The terminal could not be opened.', { cause })
  })
  process.stdin.setRawMode(true).on('data', type)
  process.stdout.on('resize', resize)
  try {
    await closed
  } finally {
    process.stdin.off('data', type).setRawMode(false).pause()
    process.stdout.off('resize', resize)
  }
  if (last && 'exitCode' in last) return last.exitCode
  throw last ? fromErrorBody(last.error) : new AppError('unavailable', 'The connection ended before the shell did.')
}
