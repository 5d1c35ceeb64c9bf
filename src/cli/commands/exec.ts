import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Client } from '../../client/client.js'
import { checkSiteName, parseCount } from '../check-input.js'
import type { Context } from '../context.js'
import { writerTo } from '../writer-to.js'

interface Options {
  stdin?: boolean
  timeout?: string
}

export function defineExec(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('<cmd...>', 'the program and its arguments, after --')
    .option('-i, --stdin', 'give it this command’s standard input, read to its end first')
    .option('--timeout <seconds>', 'end it after that time')
    .addHelpText(
      'after',
      '\nExample: ruche exec shop -- php -v\nIts exit code becomes that of ruche. On a terminal, control characters are shown, not obeyed.',
    )
    .action(async (name: string, argv: string[], options: Options) => {
      const context = open()
      const stdin = options.stdin ? (await buffer(process.stdin)).toString('base64') : undefined
      const timeoutMs = options.timeout === undefined ? undefined : parseCount(options.timeout, 'timeout') * 1000
      const body = { argv, ...(stdin !== undefined && { stdin }), ...(timeoutMs !== undefined && { timeoutMs }) }
      const input = { params: { name: checkSiteName(name) }, body }
      if (context.json) await execToDocument(context, input)
      else
        process.exitCode = await context.client.exec(input, {
          onStdout: writerTo(process.stdout),
          onStderr: writerTo(process.stderr),
        })
    })
}

async function execToDocument(context: Context, input: Parameters<Client['exec']>[0]): Promise<void> {
  const stdout: Uint8Array[] = []
  const stderr: Uint8Array[] = []
  const exitCode = await context.client.exec(input, {
    onStdout: (chunk) => stdout.push(chunk),
    onStderr: (chunk) => stderr.push(chunk),
  })
  const text = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString('utf8')
  context.print({ exitCode, stdout: text(stdout), stderr: text(stderr) }, () => '')
  process.exitCode = exitCode
}
