import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { Configuration } from '../../src/model/configuration.js'
import { type Check, judge, sign } from '../../src/model/doctor.js'
import { type Brain, openBrain, type World } from '../../src/server/brain.js'
import { openOwnCertificates } from '../../src/server/certificates/own/own-certificates.js'
import { openJournals } from '../../src/server/journals/journals.js'
import { openMeters } from '../../src/server/metrics/meters.js'
import type { DomainAnswers } from '../../src/server/names/domain-answers.js'
import { openNames } from '../../src/server/names/names.js'
import { openZoneRecords } from '../../src/server/names/zone-records/zone-records.js'
import type { OffSite } from '../../src/server/off-site/repository.js'
import type { VisitedRequest } from '../../src/server/proxy/read-access-log.js'
import type { ProxyRoutes } from '../../src/server/proxy/routes.js'
import { openRegister } from '../../src/server/register/register.js'
import { openSecretKey } from '../../src/server/secrets/secret-key.js'
import { type FakeDirectory, openFakeDirectory } from './fake-directory.js'
import { FakeEngine } from './fake-engine.js'
import { fixedAddresses } from './fixed-addresses.js'

/** A front proxy that only remembers what it was told. */
export class FakeProxy {
  routes: ProxyRoutes | undefined
  applied = 0
  failure: Error | undefined

  async apply(routes: ProxyRoutes): Promise<void> {
    if (this.failure) throw this.failure
    this.routes = routes
    this.applied++
  }

  state(): { ok: boolean; message?: string } {
    return this.failure ? { ok: false, message: this.failure.message } : { ok: true }
  }

  async examine(): Promise<Check[]> {
    return [judge('proxy.configuration', this.failure ? [sign('current', '–', 'g-1')] : [])]
  }
}

/** What DNS says; tests write into it. */
export class FakeDns {
  /** Texts of records, by name; absent: there is none. */
  texts = new Map<string, string[]>()
  addresses = new Map<string, string[]>()
  isSilent = false
  asked: string[] = []

  ask(name: string, record: string): DomainAnswers {
    this.asked.push(name)
    if (this.isSilent) return { record: { unknown: 'No name server could be asked.' }, addresses: undefined }
    const texts = this.texts.get(record) ?? []
    return { record: { zone: name, texts, asked: 2, silent: 0 }, addresses: this.addresses.get(name) ?? [] }
  }
}

/** A clock that tests move. */
export class FakeClock {
  private movedMs = 0
  readonly now = (): Date => new Date(Date.now() + this.movedMs)
  pass(ms: number): void {
    this.movedMs += ms
  }
}

export interface TestBrain extends Brain {
  engine: FakeEngine
  directory: FakeDirectory
  proxy: FakeProxy
  dns: FakeDns
  clock: FakeClock
  /** What was logged at `warn` and above, as parsed lines. */
  logged: Record<string, unknown>[]
  folder: string
  /** Closes everything as a server that is told to stop. */
  end(drainMs?: number): Promise<void>
}

export interface TestBrainOptions {
  engine?: FakeEngine
  directory?: FakeDirectory | undefined
  /** An existing folder of another brain, to be opened again. */
  folder?: string
  registerUrl?: string
  configuration?: Record<string, unknown>
  offSite?: OffSite | undefined
  sampleAccounts?: World['sampleAccounts']
  /** What the front proxy is to have answered next. */
  requests?: VisitedRequest[]
}

/** The whole server but its sockets, with a real register and a fake of everything else. */
export async function openTestBrain(options: TestBrainOptions = {}): Promise<TestBrain> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'ruche-brain-')))
  const engine = options.engine ?? new FakeEngine()
  const directory = options.directory ?? openFakeDirectory()
  const proxy = new FakeProxy()
  const clock = new FakeClock()
  const dns = new FakeDns()
  const { log, logged } = openTestLog()
  const register = await openRegister(options.registerUrl ?? 'sqlite', folder)
  const own = await openOwnCertificates(join(folder, 'own'), clock.now)
  const brain = openBrain({
    configuration: Configuration.parse(options.configuration ?? {}),
    register,
    engine,
    proxy,
    askDomain: async (name, record) => dns.ask(name, record),
    publicAddresses: fixedAddresses(['203.0.113.10', '2001:db8:1::10']),
    accessLog: { read: async () => options.requests?.splice(0) ?? [] },
    journals: openJournals(join(folder, 'journals')),
    meters: openMeters(join(folder, 'metrics')),
    offSite: options.offSite,
    names: openNames({ mode: 'off', settings: undefined, register, log, now: clock.now }),
    zoneRecords: openZoneRecords({ settings: undefined, register, log, now: clock.now }),
    certificates: {
      ensure: async () => undefined,
      stateOf: (set) => own.state(set.join()) ?? { issuer: 'local', state: 'valid' },
      setOwn: own.set,
      removeOwn: own.remove,
    },
    caFile: '/ca.pem',
    directory,
    secretKey: await openSecretKey(folder),
    sampleAccounts: options.sampleAccounts ?? [],
    log,
    now: clock.now,
  })
  await brain.start()
  await brain.dependencies.observed.refresh()
  return {
    ...brain,
    engine,
    directory,
    proxy,
    dns,
    clock,
    logged,
    folder,
    async end(drainMs = 2000) {
      await brain.close(drainMs)
      await register.close()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

function openTestLog(): { log: Logger; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = []
  const write = (line: string) => {
    logged.push(JSON.parse(line) as Record<string, unknown>)
  }
  return { log: pino({ level: 'warn', base: null }, { write }), logged }
}
