import * as z from 'zod'

/** How something ended: with a code, or by a signal. */
export const ProgramEnd = z.object({ code: z.number().optional(), signal: z.number().optional(), at: z.string() })
export type ProgramEnd = z.infer<typeof ProgramEnd>

/** A program of the owner, run for as long as the site runs. */
export const SiteProgram = z.object({
  /** `web`, or the name that its line in `~/Procfile` gives it. */
  name: z.string(),
  /** Absent: the usual one of the site's language. */
  command: z.string().optional(),
  /** `waiting`: it ended and is started again after a pause. */
  state: z.enum(['running', 'waiting', 'stopped']),
  /** Since when it is so. */
  since: z.string().optional(),
  /** When it is started again, while it waits. */
  againAt: z.string().optional(),
  /** How often it ended in a row, each time within a minute of its start. */
  crashes: z.number(),
  lastEnd: ProgramEnd.optional(),
})
export type SiteProgram = z.infer<typeof SiteProgram>

/** A line of `~/crontab`. */
export const CronLine = z.object({
  /** Its number in the file. */
  line: z.number(),
  /** Minute, hour, day, month, weekday; UTC. */
  times: z.string(),
  command: z.string(),
  nextAt: z.string().optional(),
  lastEnd: ProgramEnd.optional(),
})
export type CronLine = z.infer<typeof CronLine>

/** The programs of a site as they are now; nothing in them when it does not run. */
export const SitePrograms = z
  .object({
    /** What the code needs (`requirements.txt`, `package.json`, `composer.json`) is being installed; programs start after that. */
    installing: z.boolean(),
    /** Code with which the last installation failed. */
    installFailed: z.number().optional(),
    programs: z.array(SiteProgram),
    cron: z.array(CronLine),
  })
  .meta({ id: 'SitePrograms' })
export type SitePrograms = z.infer<typeof SitePrograms>

/** A program that crashed this short ago is worth a word. */
const RECENT_MS = 10 * 60_000

/** Pure: the programs whose last end should be told: those that wait to be started again, and those that ended not long ago. */
export function findCrashed({ programs }: Pick<SitePrograms, 'programs'>, nowMs: number): SiteProgram[] {
  return programs.filter(
    ({ state, lastEnd }) => lastEnd && (state !== 'running' || nowMs - Date.parse(lastEnd.at) < RECENT_MS),
  )
}
