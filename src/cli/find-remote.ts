import { readFileSync, statSync } from 'node:fs'
import { AppError } from '../model/errors.js'

const READ_BY_OTHERS = 0o077

/** How a panel elsewhere is named on the command line. */
export interface RemoteOptions {
  /** Its address. */
  panel?: string
  tokenFile?: string
  caFile?: string
}

/** A panel elsewhere with its token, when one was named; undefined: this machine. The token is never on a command line, which everybody can see. */
export function findRemote(
  options: RemoteOptions,
  environment: NodeJS.ProcessEnv,
): { url: string; token: string; caFile?: string } | undefined {
  const url = options.panel ?? environment.RUCHE_PANEL
  if (!url) return undefined
  if (!/^https:\/\/[^/]+\/?$/.test(url)) throw refuse('panel', 'an address like https://ruche.example.org')
  const file = options.tokenFile ?? environment.RUCHE_TOKEN_FILE
  if (!file) throw refuse('token-file', 'a file with the token is needed; make one in your profile')
  const caFile = options.caFile ?? environment.RUCHE_CA_FILE
  return { url, token: readToken(file), ...(caFile && { caFile }) }
}

function readToken(file: string): string {
  let text: string
  try {
    if ((statSync(file).mode & READ_BY_OTHERS) !== 0) throw refuse('token-file', `others may read ${file}: chmod 600`)
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refuse('token-file', (error as Error).message)
  }
  if (!/^\S+$/.test(text)) throw refuse('token-file', `there is no token in ${file}`)
  return text
}

function refuse(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, { fields: [{ path, message }] })
}
