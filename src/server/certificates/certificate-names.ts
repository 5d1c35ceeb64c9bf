import { createHash } from 'node:crypto'
import { AppError } from '../../model/errors.js'

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const NAME = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)*${LABEL}$`)
const MAX_NAMES = 100

/** The names of one certificate in their one order; a wildcard stands for one label (RFC 6125 §6.4.3). AppError `invalid` for anything else than DNS names. */
export function planNames(names: readonly string[]): string[] {
  const wrong = names.find((name) => name.length > 253 || !NAME.test(name) || /(^|\.)\d+$/.test(name))
  if (wrong !== undefined) throw new AppError('invalid', `No certificate can be made for ${JSON.stringify(wrong)}.`)
  const unique = [...new Set(names)].sort()
  if (unique.length === 0 || unique.length > MAX_NAMES)
    throw new AppError('invalid', `A certificate has 1 to ${MAX_NAMES} names.`)
  return unique
}

/** Whether every name is one of the zones or below one. */
export function isWithin(names: readonly string[], zones: readonly string[]): boolean {
  const plain = names.map((name) => name.replace(/^\*\./, ''))
  return plain.every((name) => zones.some((zone) => name === zone || name.endsWith(`.${zone}`)))
}

/** Of the certificates for exactly these names. */
export function folderName(names: readonly string[]): string {
  const readable = (names[0] ?? '').replace('*.', '').slice(0, 60)
  return `${readable}-${createHash('sha256').update(names.join()).digest('hex').slice(0, 16)}`
}
