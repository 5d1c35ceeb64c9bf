import { Command, CommanderError } from 'commander'
import { AppError, asAppError } from '../model/errors.js'
import { findNearest } from './configuration/find-nearest.js'
import { type GlobalOptions, openContext } from './context.js'
import { exitCodes } from './exit-codes.js'
import { getVersion } from './package-folder.js'
import { errorDocument, renderError } from './render-error.js'
import { renderHelp } from './render-help.js'
import { openPaint } from './styles.js'
import { verbs } from './verbs.js'

/** Runs one command line (without `node` and the program's name); resolves with the exit code. */
export async function main(words: string[]): Promise<number> {
  const argv = words[0] === 'help' && words.length > 1 ? [...words.slice(1), '--help'] : words
  process.stdout.on('error', leaveOnClosedPipe)
  process.stderr.on('error', leaveOnClosedPipe)
  try {
    const program = await buildProgram(argv)
    await program.parseAsync(argv, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    return report(toAppError(error), wantsJson(argv))
  }
}

async function buildProgram(argv: string[]): Promise<Command> {
  const program = new Command('ruche')
  program.exitOverride().configureOutput({ writeErr: () => undefined })
  program.option('--json', 'print one JSON document').option('--root <dir>', 'folder of the platform')
  program.option('--panel <url>', 'panel of a platform elsewhere').option('--token-file <file>', 'token for it')
  program.option('--ca-file <file>', 'authority that vouches for it, when the system does not know it')
  program.option('--config <file>', 'configuration file').version(getVersion(), '-V, --version')
  program.helpInformation = () => renderHelp(verbs, openPaint(process.stdout, process.env))
  program.action((_, command: Command) => {
    const unknown = command.args[0]
    if (unknown !== undefined)
      throw new AppError('invalid', `there is no command ${unknown}`, { hint: nearest(unknown) })
    process.stdout.write(program.helpInformation())
  })
  const wanted = findVerb(argv)
  for (const verb of verbs) {
    const command = program.command(verb.name).description(verb.summary)
    command.configureHelp({ showGlobalOptions: true })
    if (verb.name !== wanted) continue
    const define = await verb.load()
    define(command, () => openContext(program.opts<GlobalOptions>()))
  }
  // After the commands, which would take it over: a word too many there is a mistake; here it names no command.
  program.allowExcessArguments()
  return program
}

const VALUED = ['--root', '--config', '--panel', '--token-file', '--ca-file']

/** The first word that is neither an option nor an option's value. */
function findVerb(argv: string[]): string | undefined {
  return argv.find((word, index) => {
    const before = argv[index - 1]
    return !word.startsWith('-') && !VALUED.includes(before ?? '')
  })
}

function nearest(word: string): string {
  const near = findNearest(
    word,
    verbs.map(({ name }) => name),
  )
  return near ? `did you mean ruche ${near}?` : 'ruche alone lists the commands'
}

function toAppError(error: unknown): AppError {
  if (!(error instanceof CommanderError)) return asAppError(error)
  if (error.code === 'commander.help')
    return new AppError('invalid', 'this command needs another word after it', { hint: 'add --help to see which' })
  const [message = '', ...more] = error.message.replace(/^error: /, '').split('\n')
  const hint = more.join(' ').replace(/^\(Did (.*)\)$/, 'did $1')
  return new AppError('invalid', message, { hint: hint || 'add --help to see what it takes' })
}

function wantsJson(argv: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? undefined : end).includes('--json')
}

function report(error: AppError, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(errorDocument(error), undefined, 2)}\n`)
  else process.stderr.write(renderError(error, openPaint(process.stderr, process.env)))
  if (process.env.RUCHE_DEBUG && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`)
  return exitCodes[error.code]
}

// The reader of a pipe went away (`ruche list | head -1`): nothing is left to do.
function leaveOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
