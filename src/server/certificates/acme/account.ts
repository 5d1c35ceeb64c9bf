import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import acme from 'acme-client'
import { ensureFolder, writeNewFile } from '../group-files.js'

/** How an ACME server (RFC 8555) is reached, and as whom. */
export interface AcmeServer {
  directoryUrl: string
  email: string | undefined
  /** Authorities trusted for the ACME server itself, besides those of Node; PEM. */
  caFile: string | undefined
  /** External account binding (RFC 8555 §7.3.4). */
  binding: { keyId: string; keyFile: string } | undefined
}

const REQUEST_TIMEOUT_MS = 30_000

/** Opens the account, which is made when there is none: its key lies in `folder`, readable by the server alone. */
export async function openAccount(folder: string, server: AcmeServer): Promise<acme.Client> {
  const ca = server.caFile === undefined ? [] : [await readFile(server.caFile, 'utf8')]
  // The library knows one connection for all its clients; the platform has one server.
  acme.axios.defaults.httpsAgent = new Agent({ ca: [...rootCertificates, ...ca] })
  acme.axios.defaults.timeout = REQUEST_TIMEOUT_MS
  // A server that is away is waited for by the desk, which does not hold up other names meanwhile.
  Object.assign(acme.axios.defaults, { acmeSettings: { retryMaxAttempts: 1, retryDefaultDelay: 1 } })
  const client = new acme.Client({
    directoryUrl: server.directoryUrl,
    accountKey: await openKey(folder),
    ...(server.binding && {
      externalAccountBinding: {
        kid: server.binding.keyId,
        hmacKey: (await readFile(server.binding.keyFile, 'utf8')).trim(),
      },
    }),
  })
  const contact = server.email === undefined ? {} : { contact: [`mailto:${server.email}`] }
  // Asked for first: to make one that is there already would be taken for a change of it.
  await client
    .createAccount({ onlyReturnExisting: true })
    .catch(() => client.createAccount({ termsOfServiceAgreed: true, ...contact }))
  return client
}

async function openKey(folder: string): Promise<string> {
  await ensureFolder(folder, 0o750)
  const file = join(folder, 'account.pem')
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (found !== undefined) return found
  const key = makeKey()
  await writeNewFile(file, key, 0o600)
  return key
}

/** A new P-256 key, PEM. */
export function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
