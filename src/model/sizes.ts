import { AppError } from './errors.js'

const UNITS: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }

/** Bytes of a size as people write it: `256M`, `1.5G`, `300 MB`, `1073741824`. Powers of 1024. `field` names the input in the error. */
export function parseSizeBytes(text: string, field: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim())
  const unit = UNITS[match?.[2]?.toUpperCase() ?? '']
  const bytes = match && unit ? Math.round(Number(match[1]) * unit) : Number.NaN
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  const message = 'write a size such as 256M or 1G'
  throw new AppError('invalid', `${field}: ${message}`, { fields: [{ path: field, message }] })
}

/** A size in the fewest characters that keep three figures: `256 MiB`, `1.5 GiB`. */
export function formatSize(bytes: number): string {
  for (const [unit, factor] of [
    ['TiB', 1024 ** 4],
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const)
    if (bytes >= factor) return `${Number((bytes / factor).toPrecision(3))} ${unit}`
  return `${bytes} B`
}
