import type * as z from 'zod'
import { AppError } from '../model/errors.js'
import { Limits } from '../model/limits.js'
import { SiteName } from '../model/names.js'
import { parseSizeBytes } from '../model/sizes.js'

/** Checks one argument or option; AppError `invalid` that names it as it was typed (`memory`, `domain`, `name`). */
export function checkInput<S extends z.ZodType>(schema: S, value: unknown, field: string, hint?: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidInput(field, result.error.issues[0]?.message ?? 'is not valid', hint)
}

export function invalidInput(field: string, message: string, hint?: string): AppError {
  return new AppError('invalid', `${field}: ${message}`, { hint, fields: [{ path: field, message }] })
}

export const checkNewName = (name: string) =>
  checkInput(SiteName, name, 'name', 'good names are shop, my-site, class-3b')

/** Limits as options give them. */
export interface LimitOptions {
  cpu?: string
  memory?: string
  disk?: string
  pids?: string
}

/** The limits that were given, in the model's units and inside its bounds; no key for those that were not. */
export function parseLimits(options: LimitOptions): Partial<Limits> {
  const { shape } = Limits
  const limits: Partial<Limits> = {}
  if (options.cpu !== undefined)
    limits.cpuMilli = checkInput(shape.cpuMilli, parseCpuMilli(options.cpu), 'cpu', 'as in --cpu 0.5')
  if (options.memory !== undefined)
    limits.memoryBytes = checkInput(
      shape.memoryBytes,
      parseSizeBytes(options.memory, 'memory'),
      'memory',
      'from 32M to 64G',
    )
  if (options.disk !== undefined)
    limits.diskBytes = checkInput(shape.diskBytes, parseSizeBytes(options.disk, 'disk'), 'disk', 'from 64M to 1T')
  if (options.pids !== undefined)
    limits.pids = checkInput(shape.pids, parseCount(options.pids, 'pids'), 'pids', 'from 32 to 4096')
  return limits
}

/** Cores as people write them (`0.5`, `2`), in thousandths. */
export function parseCpuMilli(text: string): number {
  if (!/^\d+(\.\d{1,3})?$/.test(text)) throw invalidInput('cpu', 'write a number of cores such as 0.5 or 2')
  return Math.round(Number(text) * 1000)
}

export function parseCount(text: string, field: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalidInput(field, 'write a whole number')
  return Number(text)
}

/** Name of a site that exists already. */
export const checkSiteName = (name: string) => checkInput(SiteName, name, 'name', 'ruche list shows the sites')
