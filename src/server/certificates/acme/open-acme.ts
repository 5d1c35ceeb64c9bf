import { join } from 'node:path'
import type { CertificateState } from '../../../model/certificate.js'
import type { Configuration } from '../../../model/configuration.js'
import type { Log } from '../../log.js'
import type { Certificates } from '../local-ca.js'
import type { AcmeServer } from './account.js'
import { type ChallengePlaces, planChallengeRoot } from './challenges.js'
import { openAcmeDesk } from './desk.js'
import { findObstacle, type Outside } from './obstacles.js'
import { preferAcme } from './prefer-acme.js'
import type { Pauses } from './trials.js'

export interface AcmeParts extends Outside {
  settings: Configuration['certificates']
  libFolder: string
  /** A certificate is there that is not served yet. */
  onIssued(): void
  log: Log
  now: () => Date
  pauses?: Pauses
  lookMs?: number
}

export interface OpenedAcme {
  certificates: Certificates
  /** Where the certificate for exactly these names stands; undefined when nobody was asked for one yet. */
  stateOf(names: readonly string[]): CertificateState | undefined
  close(): void
}

/** The library for ACME takes several MiB: only where there is something to order. */
const loadOrders = () => import('./order.js')

const STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory'

/** Certificates as the configuration wants them. Nothing here waits for the authority: until it answers the local one signs. */
export async function openAcme(local: Certificates, parts: AcmeParts): Promise<OpenedAcme> {
  const { settings, libFolder, onIssued, log, now, pauses, lookMs } = parts
  if (settings.mode === 'local')
    return { certificates: local, stateOf: (names) => describeLocal(local, names), close() {} }
  const folder = join(libFolder, 'certificates/acme')
  const places: ChallengePlaces = { root: planChallengeRoot(libFolder), records: parts.records }
  const account = openOnce(async () => (await import('./account.js')).openAccount(folder, planServer(settings)))
  const desk = await openAcmeDesk({
    folder,
    order: async (names) => (await loadOrders()).orderCertificate(await account(), names, places),
    findObstacle: (names) => findObstacle(names, parts),
    onIssued,
    log,
    now,
    ...(pauses && { pauses }),
    ...(lookMs !== undefined && { lookMs }),
  })
  return { certificates: preferAcme(local, desk), stateOf: desk.state, close: desk.close }
}

function describeLocal(local: Certificates, names: readonly string[]): CertificateState {
  const validUntil = local.validUntil(names)
  return { issuer: 'local', state: 'valid', ...(validUntil !== undefined && { validUntil }) }
}

function planServer(settings: Configuration['certificates']): AcmeServer {
  const { acme_directory, acme_staging, acme_email, acme_ca_file, acme_key_id, acme_key_file } = settings
  return {
    directoryUrl: acme_staging ? STAGING : acme_directory,
    email: acme_email,
    caFile: acme_ca_file,
    binding:
      acme_key_id !== undefined && acme_key_file !== undefined
        ? { keyId: acme_key_id, keyFile: acme_key_file }
        : undefined,
  }
}

/** Opens when it is needed first, and again when it could not be. */
function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}
