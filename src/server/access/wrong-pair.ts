import { AppError } from '../../model/errors.js'

/** What every wrong pair of name and password is answered, whatever was wrong with it. */
export function wrongPair(cause?: unknown): AppError {
  return new AppError('unauthenticated', 'The name or the password is wrong.', { cause })
}
