import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import { Client, InvalidCredentialsError } from 'ldapts'
import type { Configuration } from '../../model/configuration.js'
import { AppError } from '../../model/errors.js'

export type DirectorySettings = NonNullable<Configuration['directory']>

const CONNECT_MS = 3000
const ANSWER_MS = 5000
const WHOLE_MS = 10_000

/** Runs `use` on a connection that is encrypted unless it stays on this machine, and unbinds in every case. */
export async function withConnection<T>(settings: DirectorySettings, use: (client: Client) => Promise<T>): Promise<T> {
  const { protocol, hostname } = new URL(settings.url)
  const ca = settings.ca_file === undefined ? undefined : [await readSetting(settings.ca_file)]
  const host = hostname.replace(/^\[|\]$/g, '')
  const tls = { ...(ca && { ca }), host, minVersion: 'TLSv1.2' as const, ...(isIPv4(host) ? {} : { servername: host }) }
  const client = new Client({
    url: settings.url,
    connectTimeout: CONNECT_MS,
    timeout: ANSWER_MS,
    ...(protocol === 'ldaps:' && { tlsOptions: tls }),
  })
  const deadline = deadlineOf(WHOLE_MS)
  const talk = async () => {
    // startTLS writes into its options, so they are a copy; without `host` it would check the certificate against "localhost".
    if (protocol === 'ldap:' && !isLoopback(host)) await client.startTLS({ ...tls })
    return use(client)
  }
  try {
    return await Promise.race([talk(), deadline.passed])
  } catch (error) {
    throw asUnavailable(error)
  } finally {
    deadline.clear()
    await client.unbind().catch(() => undefined)
  }
}

function deadlineOf(ms: number): { passed: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  return { passed, clear: () => clearTimeout(timer) }
}

/** Binds as the account that looks people up; anonymous when none is configured. */
export async function bindForSearch(client: Client, settings: DirectorySettings): Promise<void> {
  if (settings.bind_dn === undefined) return
  const password = settings.bind_password_file ? (await readSetting(settings.bind_password_file)).trimEnd() : ''
  if (password === '') throw new AppError('unavailable', 'The directory’s account has no password.', { hint: HINT })
  try {
    await client.bind(settings.bind_dn, password)
  } catch (error) {
    if (!(error instanceof InvalidCredentialsError)) throw error
    throw new AppError('unavailable', 'The directory refuses the platform’s own account.', { hint: HINT, cause: error })
  }
}

const HINT = 'The administrator must look at [directory] in the configuration.'

async function readSetting(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('unavailable', 'A file of the directory’s configuration cannot be read.', {
      hint: HINT,
      cause: error,
    })
  })
}

/** Whether a connection to that host never leaves this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function asUnavailable(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('unavailable', 'The directory does not answer.', {
    hint: 'Try again in a moment. Sites go on running meanwhile.',
    cause: error,
  })
}
