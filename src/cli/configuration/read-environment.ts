import type * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findNearest } from './find-nearest.js'
import { CONFIGURATION_KEYS } from './keys.js'

const PREFIX = 'RUCHE_'

/** A value that the environment sets, with the name of its variable. */
export interface EnvironmentValue {
  section: string
  key: string
  variable: string
  value: unknown
}

/** `RUCHE_<SECTION>_<KEY>` variables, typed as their keys want them. AppError `invalid` for an unknown key of a known section. */
export function readEnvironment(environment: Record<string, string | undefined>): EnvironmentValue[] {
  const values: EnvironmentValue[] = []
  for (const [variable, text] of Object.entries(environment)) {
    const match = new RegExp(`^${PREFIX}([A-Z]+)_([A-Z0-9_]+)$`).exec(variable)
    const section = match?.[1]?.toLowerCase() ?? ''
    const keys = CONFIGURATION_KEYS[section]
    if (text === undefined || !match || !keys) continue
    const key = match[2]?.toLowerCase() ?? ''
    const schema = keys[key]
    if (!schema) throw unknownVariable(variable, section, key, Object.keys(keys))
    values.push({ section, key, variable, value: coerce(schema, text) })
  }
  return values
}

// The first reading that the key accepts: words, a number, a list. None: the words, and the schema says what is wrong with them.
function coerce(schema: z.ZodType, text: string): unknown {
  const readings: unknown[] = [
    text,
    text.trim() === '' ? text : Number(text),
    text.split(',').map((part) => part.trim()),
  ]
  return readings.find((reading) => schema.safeParse(reading).success) ?? text
}

function unknownVariable(variable: string, section: string, key: string, known: string[]): AppError {
  const near = findNearest(key, known)
  return new AppError('invalid', `The environment sets ${variable}, which is no key of the configuration.`, {
    hint: near
      ? `did you mean ${PREFIX}${section.toUpperCase()}_${near.toUpperCase()}?`
      : `keys of [${section}]: ${known.join(', ')}`,
    fields: [{ path: variable, message: 'unknown key' }],
  })
}
