import { AppError } from '../../model/errors.js'

export interface Part {
  offset: number
  lengthBytes: number
  isWhole: boolean
}

/**
 * Pure: the part of a file that a request asks for (RFC 9110 §14): one range, when the file is still the one that `If-Range` names. What is no single range
 * of bytes gets the whole. AppError `invalid` when it begins after the end.
 */
export function chooseRange(
  headers: { range?: string | undefined; 'if-range'?: string | string[] | undefined },
  { sizeBytes, etag }: { sizeBytes: number; etag: string },
): Part {
  const whole = { offset: 0, lengthBytes: sizeBytes, isWhole: true }
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  const isOther = headers['if-range'] !== undefined && headers['if-range'] !== etag
  if (isOther || (from === '' && to === '')) return whole
  const offset = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (offset >= sizeBytes) throw new AppError('invalid', 'The file is not that long.')
  return last < offset ? whole : { offset, lengthBytes: last - offset + 1, isWhole: false }
}
