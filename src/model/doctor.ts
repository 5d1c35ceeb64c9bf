import * as z from 'zod'
import { CHECK_IDS, type CheckId } from './doctor-checks.js'

/** `broken`: a promise does not hold. `unknown`: nobody could look, which is never the same as ok. */
export const CHECK_LEVELS = ['broken', 'warning', 'unknown', 'ok'] as const

const MOST_SIGNS = 20
const MOST_CHARACTERS = 300
const text = z.string().max(MOST_CHARACTERS)

/** One thing that was seen and is not as it should be. Names of things and values, hardly a word: the same in every language. */
export const Sign = z.object({
  /** `net.ipv4.ip_forward`, `/var/lib/ruche`, `shop: process 4711 (php-fpm)`. */
  what: text,
  found: text,
  wanted: text.optional(),
})
export type Sign = z.infer<typeof Sign>

/** One promise, looked at. */
export const Check = z
  .object({
    id: z.enum(CHECK_IDS),
    level: z.enum(CHECK_LEVELS),
    signs: z.array(Sign).max(MOST_SIGNS),
    /** Signs that were left out. */
    more: z.int(),
    /** Why nobody could look, when `unknown`. */
    reason: text.optional(),
    /** One command that mends it. */
    command: text.optional(),
  })
  .meta({ id: 'Check' })
export type Check = z.infer<typeof Check>

/** What the doctor answers. */
export const Examination = z
  .object({ at: z.string(), tookMs: z.number(), checks: z.array(Check) })
  .meta({ id: 'Examination' })
export type Examination = z.infer<typeof Examination>

/** A sign, cut to what may cross a door. */
export function sign(what: string, found: string, wanted?: string): Sign {
  const cut = (long: string) => long.slice(0, MOST_CHARACTERS)
  return { what: cut(what), found: cut(found), ...(wanted !== undefined && { wanted: cut(wanted) }) }
}

/** Without signs a check is ok. */
export function judge(
  id: CheckId,
  signs: readonly Sign[],
  level: 'broken' | 'warning' = 'broken',
  command?: string,
): Check {
  if (signs.length === 0) return { id, level: 'ok', signs: [], more: 0 }
  const shown = signs.slice(0, MOST_SIGNS)
  return { id, level, signs: shown, more: signs.length - shown.length, ...(command !== undefined && { command }) }
}

/** Nobody could look. */
export function unknownCheck(id: CheckId, reason: string): Check {
  return { id, level: 'unknown', signs: [], more: 0, reason: reason.slice(0, MOST_CHARACTERS) }
}

/** What is wrong first; the order of the table within a level. */
export function sortChecks(checks: readonly Check[]): Check[] {
  const rank = ({ id, level }: Check) => CHECK_LEVELS.indexOf(level) * CHECK_IDS.length + CHECK_IDS.indexOf(id)
  return [...checks].sort((a, b) => rank(a) - rank(b))
}
