import { AppError, asAppError } from '../../model/errors.js'

/** What can be shown of any failure: a full or a broken disk of the host deserves its own words, what nobody foresaw gets neutral ones. */
export function explainFailure(error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EIO' || code === 'EROFS')
    return new AppError('host_failed', 'The disk of the host cannot be written.', {
      hint: 'The log of the kernel says why.',
      cause: error,
    })
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return asAppError(error)
  return new AppError('limit_reached', 'The disk of the host is full.', {
    hint: 'Stop or remove a site, or make room on the host.',
    cause: error,
  })
}
