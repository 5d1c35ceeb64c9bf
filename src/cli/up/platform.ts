import { readFile } from 'node:fs/promises'
import type { Client } from '../../client/client.js'
import type { Configuration } from '../../model/configuration.js'
import { AppError } from '../../model/errors.js'
import { CONFIGURATION_FILE, readConfiguration } from '../configuration/read-configuration.js'
import { canConnect } from './call-agent.js'
import { openSampleDirectory } from './demo/directory.js'
import { SAMPLE_PEOPLE } from './demo/people.js'
import { type DnsOptions, prepareDns, startDns } from './dns/dns-server.js'
import { type Lock, lockFolder, lockNetwork } from './lock.js'
import type { Paths } from './paths.js'
import { planAgent, planServer } from './plan-children.js'
import { BRIDGE } from './plan-settings.js'
import { findReach, type Prepared, prepareFolders, type Reach, writeInstallation } from './prepare.js'
import { type ChildrenFile, endPreviousChildren } from './previous-children.js'
import { assertPrograms, getBuilt } from './programs.js'
import type { Steps } from './steps.js'
import { type Supervised, supervise } from './supervised.js'

/** What is running, to be taken down in the other order. */
export interface Running {
  locks: Lock[]
  children: ChildrenFile
  directory?: Supervised
  dns?: Supervised
  agent?: Supervised
  server?: Supervised
}

export interface Start {
  paths: Paths
  configFile: string | undefined
  demo: boolean
  client: Client
  steps: Steps
  signal: AbortSignal
}

/** Brings agent and server up (and the sample directory); each thing that runs is put into `running` as soon as it does. */
export async function startPlatform(start: Start, running: Running): Promise<Prepared> {
  running.locks.push(await lockNetwork(BRIDGE, start.paths.root ?? start.paths.lib))
  const prepared = await preparePlatform(start, running)
  await startPrograms(start, prepared, running)
  return prepared
}

/** Everything before the first program of ours: users, folders, ports, settings. */
export async function preparePlatform(start: Start, running: Running): Promise<Prepared> {
  const { paths, demo, steps, signal } = start
  const built = await getBuilt()
  await assertPrograms(demo)
  const read = await readForStart(start)
  const accounts = await steps.run('users and folders', () => prepareFolders(paths))
  running.locks.push(await lockFolder(paths.lock, paths.root ?? paths.lib))
  await endPreviousChildren(paths.children, steps.say)
  const reach = await findReach(paths, read, demo)
  sayPorts(read, reach, steps)
  const host = { ...read.host, http_port: reach.httpPort, https_port: reach.httpsPort }
  let configuration: Configuration = { ...read, host }
  signal.throwIfAborted()
  if (demo) {
    const onStarted = (pid: number) => running.children.add('sample directory', pid)
    const directory = await steps.run('sample directory', () =>
      openSampleDirectory({ paths, server: accounts.server, signal, say: steps.say, onStarted }),
    )
    running.directory = directory.process
    configuration = { ...configuration, directory: directory.settings }
  }
  const sampleAccounts = demo ? SAMPLE_PEOPLE.map(({ login, password, role }) => ({ login, password, role })) : []
  const prepared: Prepared = { paths, built, configuration, reach, accounts, sampleAccounts, demo }
  await writeInstallation(prepared, steps)
  await prepareDns(planDns(prepared))
  return prepared
}

async function readForStart({ paths, configFile, demo }: Start): Promise<Configuration> {
  const installed = await readFile(CONFIGURATION_FILE).catch(() => undefined)
  if (demo && installed && !paths.root)
    throw new AppError('conflict', `This machine has a configuration of its own: ${CONFIGURATION_FILE}.`, {
      hint: 'ruche up runs it; ruche up --demo --root DIR makes a demonstration beside it',
    })
  // A demonstration is the same everywhere.
  return (await readConfiguration(configFile ?? (demo ? null : undefined), process.env)).configuration
}

function sayPorts({ host }: Configuration, { httpPort, httpsPort }: Reach, { say }: Steps): void {
  if (httpPort !== host.http_port) say(`Port ${host.http_port} is taken; HTTP is on port ${httpPort}.`)
  if (httpsPort !== host.https_port) say(`Port ${host.https_port} is taken; HTTPS is on port ${httpsPort}.`)
}

async function startPrograms(
  { paths, client, steps, signal }: Start,
  prepared: Prepared,
  running: Running,
): Promise<void> {
  const onStarted = (name: string) => (pid: number) => running.children.add(name, pid)
  signal.throwIfAborted()
  if (prepared.configuration.dns.mode === 'embedded') {
    const watched = { say: steps.say, onStarted: onStarted('DNS server') }
    running.dns = await steps.run('DNS server', () => startDns(planDns(prepared), watched, signal))
  }
  signal.throwIfAborted()
  running.agent = await steps.run('agent', () =>
    supervise(
      {
        ...planAgent(paths, prepared.built.agent),
        name: 'agent',
        isReady: () => canConnect(paths.agentSocket),
        say: steps.say,
        onStarted: onStarted('agent'),
      },
      signal,
    ),
  )
  signal.throwIfAborted()
  running.server = await steps.run('server', () =>
    supervise(
      {
        ...planServer(paths),
        name: 'server',
        isReady: () => isAnswering(client),
        say: steps.say,
        onStarted: onStarted('server'),
      },
      signal,
    ),
  )
}

function planDns({ paths, configuration, reach: { publicSide }, accounts }: Prepared): DnsOptions {
  return { paths, configuration, listen: [...publicSide.ipv4, ...publicSide.ipv6], server: accounts.server }
}

const isAnswering = (client: Client) =>
  client.call('welcome').then(
    () => true,
    () => false,
  )
