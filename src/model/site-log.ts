import * as z from 'zod'

/** From the least to the most pressing. */
export const LOG_LEVELS = ['info', 'warning', 'error'] as const
export const LogLevel = z.enum(LOG_LEVELS)
export type LogLevel = z.infer<typeof LogLevel>

/** What is no service of the site itself: its life as the platform sees it, and requests as the front proxy saw them. */
export const LIFE_SOURCE = 'life'
export const VISITS_SOURCE = 'visits'

/** One line about a site. Who wrote it is not to be trusted with anything but text. */
export const LogEntry = z
  .object({
    /** When, as far as the line says. */
    at: z.string().optional(),
    /** `life`, `visits`, `console`, or the name of a service. */
    source: z.string(),
    level: LogLevel,
    text: z.string(),
  })
  .meta({ id: 'LogEntry' })
export type LogEntry = z.infer<typeof LogEntry>

/** Most lines that are given at once. */
export const MOST_LOG_LINES = 2000

/** Which lines are wanted. */
export const LogFilter = z.object({
  /** At least so pressing. */
  level: LogLevel.optional(),
  /** Names of sources, with commas between. */
  sources: z
    .string()
    .regex(/^[a-z0-9-]{1,40}(,[a-z0-9-]{1,40}){0,19}$/)
    .optional(),
  /** They contain this; upper and lower case are one. */
  text: z.string().max(200).optional(),
})
export type LogFilter = z.infer<typeof LogFilter>
