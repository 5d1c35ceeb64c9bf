import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openLocalEngine } from '../engine/local/local-engine.js'
import type { ServerSettings } from '../model/server-settings.js'
import { buildApp } from './app.js'
import { openBrain } from './brain.js'
import { openAllCertificates } from './certificates/open-all.js'
import { openJournals } from './journals/journals.js'
import { assertNobodyListens, listenOn } from './listen.js'
import type { Log } from './log.js'
import { openMeters } from './metrics/meters.js'
import { askAddresses, askDomain } from './names/domain-answers.js'
import { type NamesParts, openNames } from './names/names.js'
import { openPublicAddresses, type PublicAddresses } from './names/public-addresses.js'
import { openTextRecords } from './names/text-records.js'
import { openZoneRecords } from './names/zone-records/zone-records.js'
import { openOffSite } from './off-site/repository.js'
import { openProxy } from './proxy/proxy.js'
import { openAccessLog } from './proxy/read-access-log.js'
import { SESSION_COOKIE } from './proxy/session-cookie.js'
import { openRegister } from './register/register.js'
import { openSecretKey } from './secrets/secret-key.js'

export interface Server {
  /** Ends within 9 s: no new requests, what runs is waited for, and what is left is resumed by the next server. */
  close(): Promise<void>
}

const DRAIN_MS = 6000
const REQUESTS_MS = 2000
const COOKIE = { name: SESSION_COOKIE, secure: true }

/** Many platforms have no directory: those spare the memory of what speaks with one. */
const loadLdap = () => import('./access/ldap.js')

/** Opens everything and listens: `server.sock` for root, `panel.sock` for the front proxy. */
export async function openServer(settings: ServerSettings, log: Log): Promise<Server> {
  const { configuration, libFolder, runFolder } = settings
  const { directory, register: place } = configuration
  const rootSocket = join(runFolder, 'server.sock')
  // Before the register is touched: what another server is doing is not abandoned.
  await assertNobodyListens(rootSocket)
  const registerFolder = join(libFolder, 'register')
  const register = await openRegister(place.url, registerFolder)
  const engine = openLocalEngine(join(runFolder, 'agent.sock'))
  const now = () => new Date()
  const heard = { newCertificate: () => {}, newAddress: () => {} }
  const publicAddresses = await openAddresses(settings, registerFolder, {
    onChanged: () => heard.newAddress(),
    log,
    now,
  })
  const all = await openAllCertificates({
    configuration,
    libFolder,
    records: settings.dns && openTextRecords(settings.dns),
    askAddresses,
    here: publicAddresses.all,
    onIssued: () => heard.newCertificate(),
    log,
    now,
  })
  const addresses = publicAddresses.current
  const brain = openBrain({
    configuration,
    register,
    engine,
    proxy: openProxy({ settings, reload: () => engine.reloadProxy(), certificates: all.certificates }),
    accessLog: openAccessLog(join(settings.logFolder, 'proxy/access.log')),
    journals: openJournals(join(libFolder, 'journals')),
    meters: openMeters(join(libFolder, 'metrics')),
    ...openDns(settings, { addresses, register, log, now }),
    ...{ askDomain, offSite: openOffSite(configuration.backup) },
    publicAddresses,
    certificates: all.ofSites,
    caFile: all.certificates.caFile,
    directory: directory && (await loadLdap()).openLdap(directory, now),
    secretKey: await openSecretKey(registerFolder),
    sampleAccounts: settings.sampleAccounts,
    log,
    now,
  })
  const { routing, announcing } = brain.dependencies
  heard.newCertificate = () => void routing.refreshLater()
  heard.newAddress = () => void announcing.refresh().catch((error: unknown) => log.error({ err: error }, 'names'))
  const root = await buildApp(brain.dependencies, 'root')
  const origin = brain.dependencies.naming.panelOrigin
  const panel = await buildApp(brain.dependencies, { origin, cookie: COOKIE, webFolder: settings.webFolder })
  await brain.start()
  // Root's last: who finds it finds everything.
  await listenOn(panel, { path: join(runFolder, 'panel.sock'), mode: 0o660, group: settings.proxyGroup })
  await listenOn(root, { path: rootSocket, mode: 0o600 })
  log.info({ origin }, 'listening')
  return {
    async close() {
      all.close()
      const drained = brain.close(DRAIN_MS)
      await Promise.all([closeApp(root), closeApp(panel)])
      await drained
      await register.close()
      log.info('ended')
    },
  }
}

/** What tells the DNS server about names and records. */
function openDns(
  { configuration, dns: settings }: ServerSettings,
  parts: Pick<NamesParts, 'addresses' | 'register' | 'log' | 'now'>,
) {
  const { mode } = configuration.dns
  return { names: openNames({ mode, settings, ...parts }), zoneRecords: openZoneRecords({ settings, ...parts }) }
}

/** Lets requests that are under way end, for a while. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), REQUESTS_MS)
  await app.close()
  clearTimeout(late)
}

function openAddresses(
  { configuration, publicAddresses }: ServerSettings,
  folder: string,
  more: Pick<Parameters<typeof openPublicAddresses>[0], 'onChanged' | 'log' | 'now'>,
): Promise<PublicAddresses> {
  const first = {
    ipv4: publicAddresses.filter((address) => isIPv4(address)),
    ipv6: publicAddresses.filter((address) => !isIPv4(address)),
  }
  return openPublicAddresses({ configuration, first, file: join(folder, 'addresses.json'), ...more })
}
