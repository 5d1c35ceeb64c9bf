import { AppError, type ErrorCode } from '../../model/errors.js'
import type { Hive } from './hive.js'
import { type InsideAnswer, runInside, SITE_HOME, SITE_UID } from './inside.js'

/** The template's program for all work on files; it knows the verbs and says by its exit code what was wrong. */
const PROGRAM = '/usr/lib/ruche/files'

const EXIT_CODES: Record<number, [ErrorCode, string]> = {
  20: ['not_found', 'There is no such file or folder.'],
  21: ['conflict', 'There is something of that name already.'],
  22: ['invalid', 'That is not a folder.'],
  23: ['invalid', 'That is not a regular file.'],
  24: ['conflict', 'The file was changed by somebody else meanwhile.'],
}

/** Words of coreutils and of the kernel (LANG is C.UTF-8 inside) that deserve an answer of their own. */
const COMPLAINTS: [RegExp, ErrorCode, string][] = [
  [/No space left on device|Disk quota exceeded/, 'limit_reached', "The site's disk is full."],
  [/Permission denied|Operation not permitted/, 'forbidden', "The site's own user may not do that there."],
  [/File name too long/, 'invalid', 'The name is too long.'],
  [/Not a directory/, 'invalid', 'Part of the path is not a folder.'],
  [/No such file or directory/, 'not_found', 'There is no such file or folder.'],
  [/Too many levels of symbolic links/, 'invalid', 'The path goes round in circles of links.'],
]

export interface FilesWork {
  verb: 'list' | 'read' | 'save' | 'mkdir' | 'rename' | 'remove'
  args: readonly string[]
  stdin?: Uint8Array
  timeoutMs: number
  maxBytes?: number
}

/** Does one thing with the site's files, inside, as the site's user. AppError as the program says. */
export async function workOnFiles(hive: Hive, id: string, work: FilesWork): Promise<InsideAnswer> {
  const answer = await runInside(hive, id, {
    uid: SITE_UID,
    cwd: SITE_HOME,
    argv: [PROGRAM, work.verb, ...work.args],
    ...(work.stdin && { stdin: work.stdin }),
    timeoutMs: work.timeoutMs,
    maxBytes: work.maxBytes ?? 4096,
  })
  if (answer.exitCode === 0 || answer.isCut) return answer
  const [code, message] = EXIT_CODES[answer.exitCode] ?? explain(answer.stderr)
  throw new AppError(code, message, {
    cause: new Error(`${work.verb}: ${answer.exitCode}: ${answer.stderr.slice(0, 500)}`),
  })
}

function explain(stderr: string): [ErrorCode, string] {
  const complaint = COMPLAINTS.find(([words]) => words.test(stderr))
  return complaint ? [complaint[1], complaint[2]] : ['host_failed', 'The site could not do that with its files.']
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
