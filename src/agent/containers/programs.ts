import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CronLine, ProgramEnd, SiteProgram, SitePrograms } from '../../model/site-programs.js'
import { getContainer, type Hive } from './hive.js'
import { runInside, SITE_UID } from './inside.js'

const LIST = '/usr/lib/ruche/list-programs'
const DEFAULT_WEB = '/usr/lib/ruche/default-web'
const TIMEOUT_MS = 5000
const MAX_BYTES = 64 * 1024
/** The template starts no more. */
const MOST = 16
const MOST_CHARACTERS = 400
const NONE: SitePrograms = { installing: false, programs: [], cron: [] }

/** The owner's programs as they are now; none of a container that does not run, or whose template is too old to tell. */
export async function listPrograms(hive: Hive, id: string): Promise<SitePrograms> {
  const { life, record } = getContainer(hive, id)
  if (!life?.ready) return NONE
  const { tree } = await hive.templates.get(record.template)
  if (!existsSync(join(tree, LIST))) return NONE
  const program = { uid: SITE_UID, cwd: '/', argv: [LIST], timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
  const { exitCode, stdout } = await runInside(hive, id, program)
  return exitCode === 0 ? parsePrograms(stdout.toString('utf8'), Date.now()) : NONE
}

/** Pure: what the site says of its programs, which it can say as it likes: every part is bounded, and what is not understood is left out. */
export function parsePrograms(text: string, nowMs: number): SitePrograms {
  const [head = '', ...parts] = text.split(/^program /m)
  const facts = parts.slice(0, MOST).map((part) => {
    const [name = '', ...lines] = part.split('\n')
    return { name: name.slice(0, 64), facts: readFacts(lines) }
  })
  const general = readFacts(head.split('\n'))
  const installFailed = readNumbers(general.get('unprepared'))[0]
  return {
    installing: general.has('preparing'),
    ...(installFailed !== undefined && { installFailed }),
    programs: facts
      .filter(({ facts: one }) => !one.has('times'))
      .map(({ name, facts: one }) => asProgram(name, one, nowMs)),
    cron: facts
      .filter(({ facts: one }) => one.has('times'))
      .map(({ name, facts: one }) => asCronLine(name, one, nowMs)),
  }
}

type Facts = Map<string, string>

function readFacts(lines: string[]): Facts {
  return new Map(
    lines.map((line) => {
      const cut = line.indexOf(' ')
      return [line.slice(0, cut), line.slice(cut + 1, cut + 1 + MOST_CHARACTERS)]
    }),
  )
}

/** Whole numbers as far as the text begins with them. */
function readNumbers(text = ''): number[] {
  const words = text.split(' ')
  const end = words.findIndex((word) => !/^-?\d{1,9}$/.test(word))
  return words.slice(0, end < 0 ? words.length : end).map(Number)
}

const secondsFrom = (nowMs: number, seconds: number): string => new Date(nowMs + seconds * 1000).toISOString()

function readEnd(facts: Facts, nowMs: number): { lastEnd: ProgramEnd } | undefined {
  const [code, signal, ago] = readNumbers(facts.get('ended'))
  if (code === undefined || signal === undefined || ago === undefined) return undefined
  const at = secondsFrom(nowMs, -ago)
  // s6-supervise(1): 256 stands for a death by signal.
  return { lastEnd: code === 256 ? { signal, at } : { code, at } }
}

function asProgram(name: string, facts: Facts, nowMs: number): SiteProgram {
  const [isUp, seconds] = (facts.get('state') ?? '').split(' ')
  const [again] = readNumbers(facts.get('again'))
  const [since] = readNumbers(seconds)
  const command = facts.get('command')?.trim()
  const state = isUp !== 'true' ? 'stopped' : again === undefined ? 'running' : 'waiting'
  return {
    name,
    ...(command !== DEFAULT_WEB && command !== undefined && { command }),
    state,
    ...(since !== undefined && { since: secondsFrom(nowMs, -since) }),
    ...(state === 'waiting' && again !== undefined && { againAt: secondsFrom(nowMs, again) }),
    crashes: readNumbers(facts.get('crashes'))[0] ?? 0,
    ...readEnd(facts, nowMs),
  }
}

function asCronLine(name: string, facts: Facts, nowMs: number): CronLine {
  const next = Date.parse(
    facts
      .get('next')
      ?.split(' ')[0]
      ?.replace(/\+0000$/, 'Z') ?? '',
  )
  return {
    line: Number(/^cron-(\d{1,6})$/.exec(name)?.[1] ?? 0),
    // The site's supervisor writes */5 as /5.
    times: (facts.get('times') ?? '').replace(/(^| )\//g, '$1*/'),
    command: facts.get('command')?.trim() ?? '',
    ...(!Number.isNaN(next) && { nextAt: new Date(next).toISOString() }),
    ...readEnd(facts, nowMs),
  }
}
