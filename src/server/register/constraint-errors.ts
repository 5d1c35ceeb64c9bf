import { AppError } from '../../model/errors.js'

/** What is unique in the register, as the two databases name it in their errors, and the input that is to blame. */
const UNIQUE: { match: RegExp; path: string; message: string }[] = [
  { match: /sites\.name\b|"sites_pkey"/, path: 'name', message: 'This name is taken.' },
  { match: /domains\.name\b|"domains_pkey"/, path: 'domains', message: 'This domain name belongs to another site.' },
  { match: /sites\.address\b|"sites_address"/, path: 'address', message: 'This address is taken.' },
  { match: /keys\.login\b|"keys_once"/, path: 'key', message: 'You have this key already.' },
  { match: /sites\.sftp_port\b|"sites_sftp_port"/, path: 'sftpPort', message: 'This port is taken.' },
]

/** AppError `conflict` with the right field for a violated constraint of uniqueness; any other error as it is. */
export function asConflict(error: unknown): unknown {
  const text = error instanceof Error ? error.message : ''
  if (!/UNIQUE constraint failed|duplicate key value/.test(text)) return error
  const found = UNIQUE.find(({ match }) => match.test(text))
  if (!found) return error
  const { path, message } = found
  return new AppError('conflict', message, { fields: [{ path, message }], cause: error })
}
