import { join } from 'node:path'
import type { Check } from '../../model/doctor.js'
import { AppError } from '../../model/errors.js'
import type { ServerSettings } from '../../model/server-settings.js'
import { planChallengeRoot } from '../certificates/acme/challenges.js'
import { type Certificates, openCertificates } from '../certificates/local-ca.js'
import { latestWins } from '../latest-wins.js'
import { rotateAccessLog } from './access-log.js'
import { checkCandidate, findInstalledVersion, planHttp2 } from './check-candidate.js'
import { examineProxy, type MadeForProxy } from './examine-proxy.js'
import { type Generations, openGenerations } from './generations.js'
import { DEFAULT_PROXY_LIMITS, type ProxyInput, type ProxyLimits } from './proxy-input.js'
import { renderProxy } from './render-proxy.js'
import { ensureRouteCertificates } from './route-certificates.js'
import { type ProxyRoutes, planRoutes } from './routes.js'
import { findServed, planStatusAddress, type Served, waitForGeneration } from './served-generation.js'
import { closeUnrenderable, findRefused, type RefusedSettings } from './unrenderable-settings.js'

export interface Proxy {
  /**
   * Makes the front proxy serve exactly these routes, and returns when it does. The same routes again: no change, but what is missing or damaged is mended,
   * an ended nginx is started, certificates are renewed and the access log is moved on, so it is to be called by every reconcile.
   * AppError `host_failed` when it cannot be: then the last good configuration stays in use.
   */
  apply(routes: ProxyRoutes): Promise<void>
  /** Of the last apply; `message` in words for the administrator. */
  state(): ProxyState
  /** Whether it still serves what was last made for it, and only that. Mends nothing. */
  examine(): Promise<Check[]>
}

export interface ProxyState {
  ok: boolean
  message?: string
}

export interface ProxyOptions {
  settings: ServerSettings
  /** Starts nginx or makes it read its configuration again; need not wait until it has. */
  reload: () => Promise<void>
  /** The local authority in `lib/certificates` when absent. */
  certificates?: Certificates
  limits?: Partial<ProxyLimits>
  /** How long nginx may take until it serves a new configuration. */
  deadlineMs?: number
}

/** The front proxy as the server sees it: a rendered configuration in `lib/proxy`, which nginx reads when it is told to. */
export function openProxy(options: ProxyOptions): Proxy {
  let state: ProxyState = { ok: false, message: 'The front proxy was not set up yet.' }
  const room = openRoom(options)
  const apply = latestWins<ProxyRoutes>(async (routes) => {
    try {
      const leftOut = await applyRoutes(room, routes)
      state = leftOut.length === 0 ? { ok: true } : { ok: false, message: `Not served: ${leftOut.join('; ')}` }
    } catch (error) {
      const failure = error instanceof AppError ? error : notSetUp(error)
      state = { ok: false, message: [failure.message, failure.hint].filter(Boolean).join(' ') }
      throw failure
    }
  })
  return { apply, state: () => state, examine: () => examineRoom(room) }
}

interface Room {
  settings: ServerSettings
  reload: () => Promise<void>
  generations: Generations
  folder: string
  accessLog: string
  status: { host: string; port: number }
  limits: ProxyLimits
  deadlineMs: number
  certificates: () => Promise<Certificates>
  made: MadeForProxy | undefined
  refused: RefusedSettings
}

function openRoom({ settings, reload, certificates, limits, deadlineMs = 30_000 }: ProxyOptions): Room {
  const { host, names } = settings.configuration
  const folder = join(settings.libFolder, 'proxy')
  let opened: Promise<Certificates> | undefined
  const open = () => {
    opened ??= openCertificates(join(settings.libFolder, 'certificates'), [names.base_domain, names.panel])
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }
  return {
    settings,
    reload,
    folder,
    generations: openGenerations(folder),
    accessLog: join(settings.logFolder, 'proxy/access.log'),
    status: planStatusAddress(settings.listen, host.http_port),
    limits: { ...DEFAULT_PROXY_LIMITS, perSource: host.connections_per_source, ...limits },
    deadlineMs,
    certificates: certificates ? () => Promise.resolve(certificates) : open,
    made: undefined,
    refused: new Map(),
  }
}

async function examineRoom(room: Room): Promise<Check[]> {
  const { host, names } = room.settings.configuration
  const { caFile } = await room.certificates()
  const { generations, status } = room
  return examineProxy({ generations, status, httpsPort: host.https_port, panel: names.panel, caFile }, room.made)
}

/** Answers what had to be left out. */
async function applyRoutes(room: Room, routes: ProxyRoutes): Promise<string[]> {
  const { generations } = room
  const { network } = room.settings.configuration
  const plan = planRoutes(routes, network.ipv4)
  const certificates = await room.certificates()
  const { sites, closed } = closeUnrenderable(plan.sites, room.refused)
  const ensured = await ensureRouteCertificates(certificates, { ...routes, sites })
  const served = await findServed(room.status)
  const version = served?.version ?? (await findInstalledVersion(room.settings.nginx))
  const inputOf = (generation: string): ProxyInput => ({
    generation,
    folder: generations.folder(generation),
    runFolder: join(room.settings.runFolder, 'proxy'),
    panelSocket: join(room.settings.runFolder, 'panel.sock'),
    accessLog: room.accessLog,
    challengeRoot: planChallengeRoot(room.settings.libFolder),
    listen: room.settings.listen,
    httpPort: room.settings.configuration.host.http_port,
    httpsPort: room.settings.configuration.host.https_port,
    http2: planHttp2(version),
    panel: { name: routes.panel, certificate: ensured.panel },
    platform: { baseDomain: routes.baseDomain, certificate: ensured.platform },
    sites: ensured.sites,
    pendingNames: plan.pendingNames,
    ownCertificates: ensured.own,
    siteNetworks: [network.ipv4, network.ipv6],
    limits: room.limits,
  })
  const rotated = await rotateAccessLog(room.accessLog)
  const current = await generations.findCurrent()
  let generation = current ?? ''
  if (current && (await generations.isWritten(current, renderProxy(inputOf(current))))) {
    if (served?.generation !== current) await bringUp(room, current, served)
    else if (rotated) await room.reload()
  } else {
    generation = generations.newName()
    try {
      await replace(room, inputOf(generation), { current, served })
    } catch (error) {
      // When it is one site's settings that nginx refuses, that site is closed and the others change.
      if (await findRefused(room.settings, room.folder, inputOf(generation), room.refused))
        return applyRoutes(room, routes)
      throw error
    }
    await certificates.keepOnly(ensured.sets)
  }
  room.made = {
    generation,
    files: renderProxy(inputOf(generation)),
    certificates: [
      { names: [routes.panel], files: ensured.panel },
      { names: [routes.baseDomain, `*.${routes.baseDomain}`], files: ensured.platform },
      ...ensured.own.map(({ name, certificate }) => ({ names: [name], files: certificate })),
    ],
  }
  await generations.prune()
  return [...plan.leftOut, ...closed, ...ensured.leftOut]
}

async function replace(
  room: Room,
  input: ProxyInput,
  { current, served }: { current: string | undefined; served: Served | undefined },
): Promise<void> {
  const { generations } = room
  let swapped = false
  try {
    await generations.write(input.generation, renderProxy(input))
    await checkCandidate(room.settings.nginx, room.folder, input)
    await generations.swap(input.generation)
    swapped = true
    await bringUp(room, input.generation, served)
  } catch (error) {
    // Without a last good one the new one stays: the reason may go away by itself, as a port that is in use does.
    if (current) {
      if (swapped) await generations.swap(current)
      await generations.remove(input.generation)
      if (swapped || served?.generation !== current) await bringUp(room, current, served).catch(() => undefined)
    } else if (!swapped) await generations.remove(input.generation)
    throw error
  }
}

async function bringUp(room: Room, generation: string, served: Served | undefined): Promise<void> {
  await room.reload()
  const replaces = served !== undefined && served.generation !== generation
  if (await waitForGeneration(room.status, generation, { replaces, deadlineMs: room.deadlineMs })) return
  throw new AppError('host_failed', 'The front proxy did not take over its configuration.', {
    hint: 'Its log says why; what it served before stays in use.',
  })
}

function notSetUp(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError('host_failed', 'The front proxy could not be set up.', { hint: why, cause })
}
