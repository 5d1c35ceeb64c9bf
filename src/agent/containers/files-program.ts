import { Writable } from 'node:stream'
import { AppError, type ErrorCode } from '../../model/errors.js'
import type { Hive } from './hive.js'
import { type InsideAnswer, type ProgramPlan, runInside, SITE_HOME, SITE_UID, withProgramInside } from './inside.js'
import { leadProgram, type ProgramStreams } from './lead-program.js'

/** The template's program for all work on files; it knows the verbs and says by its exit code what was wrong. */
const PROGRAM = '/usr/lib/ruche/files'

/** For a verb that it does not know, of which it says nothing. The shell ends with 2 too when it cannot go on, but says why. */
const TOO_OLD = 2

type Explanation = [ErrorCode, string]

const EXIT_CODES: Record<number, Explanation> = {
  20: ['not_found', 'There is no such file or folder.'],
  21: ['conflict', 'There is something of that name already.'],
  22: ['invalid', 'That is not a folder.'],
  23: ['invalid', 'That is not a regular file.'],
  24: ['conflict', 'The file was changed by somebody else meanwhile.'],
  25: ['conflict', 'Another part of this upload was expected.'],
  26: ['invalid', 'The upload broke off.'],
  27: ['invalid', 'What arrived is not what was announced.'],
  28: ['invalid', 'This is not an archive that can be read.'],
}

/** Words of coreutils and of the kernel (LANG is C.UTF-8 inside) that deserve an answer of their own. */
const COMPLAINTS: [RegExp, Explanation][] = [
  [/Cannot fork|Resource temporarily unavailable/, ['limit_reached', 'The site has as many processes as it may have.']],
  [/No space left on device|Disk quota exceeded/, ['limit_reached', "The site's disk is full."]],
  [/Permission denied|Operation not permitted/, ['forbidden', "The site's own user may not do that there."]],
  [/File name too long/, ['invalid', 'The name is too long.']],
  [/Not a directory/, ['invalid', 'Part of the path is not a folder.']],
  [/No such file or directory/, ['not_found', 'There is no such file or folder.']],
  [/cannot overwrite/, ['conflict', 'There is something of another kind under that name.']],
  [/Too many levels of symbolic links/, ['invalid', 'The path goes round in circles of links.']],
]

const UNEXPLAINED: Explanation = ['host_failed', 'The site could not do that with its files.']

export interface FilesCommand {
  verb: FilesVerb
  args: readonly string[]
}

type FilesVerb =
  | 'list'
  | 'read'
  | 'save'
  | 'mkdir'
  | 'rename'
  | 'remove'
  | 'stat'
  | 'chmod'
  | 'copy'
  | StreamVerb
  | ArchiveVerb
type StreamVerb = 'get' | 'put' | 'part' | 'pack'
type ArchiveVerb = 'peek' | 'found' | 'unpack' | 'find' | 'grep'

export interface FilesWork extends FilesCommand {
  stdin?: Uint8Array
  timeoutMs: number
  maxBytes?: number
  /** What has come when the time is over is the answer, as cut as if it were too long. */
  partial?: boolean
}

/** Does one thing with the site's files, inside, as the site's user. AppError as the program says. */
export async function workOnFiles(hive: Hive, id: string, work: FilesWork): Promise<InsideAnswer> {
  const answer = await runInside(hive, id, {
    ...planFiles(work),
    ...(work.stdin && { stdin: work.stdin }),
    ...(work.partial && { partial: true }),
    timeoutMs: work.timeoutMs,
    maxBytes: work.maxBytes ?? 4096,
  })
  if (answer.exitCode !== 0 && !answer.isCut) throw explainExit(work.verb, answer.exitCode, answer.stderr)
  return answer
}

/** How much of a program's complaints is kept. */
const MAX_COMPLAINT_BYTES = 16 * 1024
/** Nothing has come or gone for so long: whoever sends or takes has gone. */
const SILENCE_MS = 120_000
/** What is half done is taken away. */
const TIDY_MS = 10_000

/** Work that may take as long as something moves, or as `timeoutMs` says. `accept`: exit codes that are an answer, [0] when absent. */
export interface FilesStream extends FilesCommand {
  timeoutMs?: number
  accept?: readonly number[]
}

/** As workOnFiles, with the caller's streams. Answers the exit code. */
export async function streamFiles(
  hive: Hive,
  id: string,
  { timeoutMs, accept = [0], ...command }: FilesStream,
  caller: Pick<ProgramStreams, 'stdin' | 'stdout' | 'hungUp'>,
): Promise<number> {
  const time = timeoutMs === undefined ? { silenceMs: SILENCE_MS } : { timeoutMs }
  const stderr = keepBytes(MAX_COMPLAINT_BYTES)
  const streams = { stdin: caller.stdin, stdout: caller.stdout, stderr: stderr.stream, hungUp: caller.hungUp }
  const exitCode = await withProgramInside(hive, id, planFiles(command), (program) =>
    leadProgram(program, streams, { ...time, tidyMs: TIDY_MS }),
  )
  if (!accept.includes(exitCode)) throw explainExit(command.verb, exitCode, stderr.text())
  return exitCode
}

/** Takes everything, keeps the beginning. */
export function keepBytes(mostBytes: number): { stream: Writable; text(): string } {
  const chunks: Buffer[] = []
  let left = mostBytes
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (left > 0) chunks.push(chunk.subarray(0, left))
      left -= chunk.length
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}

function planFiles({ verb, args }: FilesCommand): ProgramPlan {
  return { uid: SITE_UID, cwd: SITE_HOME, argv: [PROGRAM, verb, ...args] }
}

function explainExit(verb: string, exitCode: number, stderr: string): AppError {
  const cause = new Error(`${verb}: ${exitCode}: ${stderr.slice(0, 500)}`)
  if (exitCode === TOO_OLD && stderr === '')
    return new AppError('unavailable', "The site's template is too old for that.", {
      hint: 'Restart the site; it then gets the newest template of its stack.',
      cause,
    })
  const complaint = COMPLAINTS.find(([words]) => words.test(stderr))?.[1]
  // A limit of the site is nobody's fault but its own, whatever the program makes of it.
  const isLimit = complaint?.[0] === 'limit_reached'
  const [code, message] = (isLimit ? complaint : (EXIT_CODES[exitCode] ?? complaint)) ?? UNEXPLAINED
  return new AppError(code, message, { cause })
}

/** How a path of the site is given to the program: never an option, whatever its name. */
export function insidePath(path: string): string {
  return `./${path}`
}

/** As insidePath, for what the home itself may not be used for. AppError `invalid`. */
export function insidePathBelowHome(path: string): string {
  if (path === '') throw new AppError('invalid', 'That cannot be done with the home folder itself.')
  return insidePath(path)
}
