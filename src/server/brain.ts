import type { Engine } from '../engine/engine.js'
import type { Configuration } from '../model/configuration.js'
import type { Directory } from './access/directory.js'
import { openMemberships } from './access/memberships.js'
import { openPasses } from './access/passes.js'
import { openSessions } from './access/sessions.js'
import { openSignInLimits } from './access/sign-in-limits.js'
import { openTokens } from './access/tokens.js'
import { openActivity } from './activity/activity.js'
import { openAnnouncements } from './announcements/announcements.js'
import type { Dependencies } from './dependencies.js'
import { openDoctor } from './doctor/doctor.js'
import type { Journals } from './journals/journals.js'
import type { Log } from './log.js'
import { FINE_MS, type Meters } from './metrics/meters.js'
import type { AskDomain } from './names/domain-answers.js'
import type { Names } from './names/names.js'
import type { PublicAddresses } from './names/public-addresses.js'
import type { ZoneRecords } from './names/zone-records/zone-records.js'
import type { OffSite } from './off-site/repository.js'
import { openChanges } from './operations/changes.js'
import { openOperations } from './operations/operations.js'
import type { AccessLog } from './proxy/read-access-log.js'
import type { Register } from './register/register.js'
import { openEventFeed } from './routes/event-feed.js'
import { derivePasswords } from './secrets/passwords.js'
import { sealVariables } from './secrets/sealed-variables.js'
import { openAnnouncing, type Zone } from './sites/announcing.js'
import { runBackupRound } from './sites/backup-rounds.js'
import { lookAtDueDomains } from './sites/domains.js'
import { openKnownTemplates } from './sites/known-templates.js'
import { openLifeJournal } from './sites/life-journal.js'
import { forgetGoneSites, measureSites } from './sites/measure-sites.js'
import { planNaming } from './sites/naming.js'
import { openNightly } from './sites/nightly.js'
import { openObserved } from './sites/observed.js'
import { runOffSiteRound } from './sites/off-site-rounds.js'
import { openReconciler, type Reconciler } from './sites/reconcile.js'
import { openRouting, type RoutedProxy } from './sites/routing.js'
import { openSleeper } from './sites/sleeper.js'
import { openSshWatch } from './sites/ssh-watch.js'
import { checkStanding } from './sites/standing.js'
import { openTemplateBuilds } from './sites/template-builds.js'
import { updateTemplates } from './sites/template-care.js'
import { openTraffic } from './sites/traffic.js'

/** What the brain is made from: everything that touches the world. */
export interface World {
  configuration: Configuration
  register: Register
  engine: Engine
  proxy: RoutedProxy
  names: Names
  offSite: OffSite | undefined
  zoneRecords: ZoneRecords
  askDomain: AskDomain
  publicAddresses: PublicAddresses
  accessLog: AccessLog
  journals: Journals
  meters: Meters
  certificates: Dependencies['certificates']
  caFile: string | undefined
  directory: Directory | undefined
  secretKey: Buffer
  sampleAccounts: Dependencies['sampleAccounts']
  log: Log
  now: () => Date
}

/** The rooms of the server wired together. */
export interface Brain {
  dependencies: Dependencies
  reconciler: Reconciler
  /** Takes up what the last server left, and begins to follow the engine. */
  start(): Promise<void>
  /** Ends streams and timers, and waits for what runs, at most that long. */
  close(drainMs: number): Promise<void>
}

const USAGE_MS = 5000
const SWEEP_MS = 20_000
/** A name that leads elsewhere is a site that is away: its time to live is about as long. */
const ADDRESS_MS = 60_000
const BACKUP_ROUND_MS = 10 * 60_000
const OFF_SITE_MS = 60_000
const SLEEP_MS = 15_000
const ANNOUNCEMENT_MS = 5000
const TRAFFIC_MS = 1500
const FORGET_MS = 3_600_000

export function openBrain(world: World): Brain {
  const { register, engine, directory, names, log, now, journals, meters, publicAddresses, askDomain, caFile } = world
  const naming = planNaming(world.configuration)
  const changes = openChanges()
  const operations = openOperations({ register, changes, log, now })
  const observed = openObserved(engine, changes, log)
  const routing = openRouting({ register, proxy: world.proxy, naming, log })
  const feed = openEventFeed({ register, changes, observed, operations, naming, names, log })
  const sessions = openSessions({ register, directory, changes, secretKey: world.secretKey, log, now })
  const dependencies: Dependencies = {
    register,
    engine,
    operations,
    observed,
    changes,
    routing,
    announcing: openAnnouncing({ ...world, naming, dns: planDns(world.configuration) }),
    ...{ names, offSite: world.offSite },
    templateBuilds: openTemplateBuilds(engine),
    knownTemplates: openKnownTemplates(engine, changes, now),
    keepTemplates: world.configuration.templates.keep,
    passwords: derivePasswords(world.secretKey),
    variables: sealVariables(world.secretKey),
    naming,
    publicAddresses,
    askDomain,
    certificates: world.certificates,
    log,
    now,
    directory,
    sessions,
    passes: openPasses({ register, sessions, now }),
    memberships: openMemberships(directory, now),
    tokens: openTokens({ register, directory, changes, now }),
    signInLimits: openSignInLimits(now),
    ...{ feed, activity: openActivity({ register, log, now }), journals, meters },
    announcements: openAnnouncements({ register, changes, now }),
    doctor: openDoctor({ ...world, observed }),
    proxyState: () => world.proxy.state(),
    caFile,
    sampleAccounts: world.sampleAccounts,
  }
  const reconciler = openReconciler(dependencies)
  const [sshWatch, lifeJournal] = [openSshWatch(dependencies), openLifeJournal(dependencies)]
  const timers = beginRegularWork(dependencies, world)
  return {
    dependencies,
    reconciler,
    async start() {
      await operations.closeAbandoned()
      observed.follow(() => reconciler.poke())
      reconciler.poke()
    },
    async close(drainMs) {
      reconciler.close()
      sshWatch.close()
      for (const timer of timers) clearInterval(timer)
      feed.close()
      await operations.drain(drainMs)
      await lifeJournal.close()
      dependencies.announcing.close()
      observed.close()
    },
  }
}

/** What is done again and again, whoever asks. */
function beginRegularWork(
  dependencies: Dependencies,
  { configuration, directory, accessLog, log, now }: World,
): NodeJS.Timeout[] {
  const traffic = openTraffic(dependencies, accessLog)
  const sleeper = openSleeper(dependencies, traffic.takeVisits)
  const lookAtAddresses = () => dependencies.publicAddresses.look()
  void lookAtAddresses().catch((error: unknown) => log.error({ err: error }, 'the public addresses are not known'))
  const nightly = openNightly(configuration.templates.nightly, now)
  return [
    every(USAGE_MS, log, async () => {
      if (dependencies.feed.count() > 0) await dependencies.observed.refresh()
    }),
    every(SWEEP_MS, log, () => dependencies.sessions.sweep()),
    every(TRAFFIC_MS, log, () => traffic.run()),
    every(FINE_MS, log, () => measureSites(dependencies)),
    every(FORGET_MS, log, () => Promise.all([forgetGoneSites(dependencies), dependencies.activity.forget()])),
    every(SLEEP_MS, log, () => sleeper.run()),
    every(ANNOUNCEMENT_MS, log, () => dependencies.announcements.tell()),
    every(SWEEP_MS, log, async () => {
      if (nightly.isDue()) await updateTemplates(dependencies, false, 'system')
    }),
    every(BACKUP_ROUND_MS, log, () => runBackupRound(dependencies)),
    every(OFF_SITE_MS, log, () => runOffSiteRound(dependencies)),
    every(SWEEP_MS, log, () => checkStanding(dependencies, directory)),
    every(SWEEP_MS, log, () => lookAtDueDomains(dependencies)),
    every(ADDRESS_MS, log, lookAtAddresses),
  ]
}

/** The zone of the platform's names, and those in it that are no site's: the panel's, and that of a DNS server of ours. */
function planDns({ names, dns }: Configuration): Zone {
  const zone = dns.zone ?? names.base_domain
  return {
    zone,
    fixed: [names.panel, ...(dns.mode === 'embedded' ? [`ns.${zone}`] : [])],
    hasOwnerRecords: dns.owner_records,
  }
}

/** Repeats work, never twice at once; what goes wrong is logged and tried again. */
function every(ms: number, log: Log, work: () => Promise<unknown>): NodeJS.Timeout {
  let running = false
  return setInterval(() => {
    if (running) return
    running = true
    work()
      .catch((error: unknown) => log.error({ err: error }, 'regular work failed'))
      .finally(() => {
        running = false
      })
  }, ms)
}
