import { constants, readFileSync, writeSync } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AgentSettings } from '../model/agent-settings.js'
import { check } from '../model/check.js'
import { AppError } from '../model/errors.js'
import { makeAnswers } from './answers.js'
import { openAudit } from './audit.js'
import { sweepPartials } from './backups/store.js'
import { buildAlone } from './build-alone.js'
import { openConsoles } from './containers/consoles.js'
import { type Hive, makeHive } from './containers/hive.js'
import { reconcileForever } from './containers/reconcile.js'
import { adoptAll, settleAll } from './containers/recover.js'
import { openSiteTemplates } from './containers/site-templates.js'
import { openSshNotice } from './containers/ssh-notice.js'
import { wakeWhenAwaited } from './containers/wake.js'
import { doctorAlone } from './doctor-alone.js'
import { openDoor } from './door.js'
import { lockState } from './door-socket.js'
import { onStarterGone } from './end-with-starter.js'
import { openCgroups } from './host/cgroups.js'
import { openLauncher } from './host/launcher.js'
import { applySysctls } from './host/sysctls.js'
import { openLog } from './log.js'
import { openNetwork } from './network/network.js'
import { openProxyProcess } from './proxy-process.js'
import { announcePlatform } from './rootfs/template-users.js'
import { VERSION } from './version.js'

const VERBS_MAY_TAKE_MS = 8000

const log = openLog((line) => {
  try {
    writeSync(process.stderr.fd, line)
  } catch {
    // Nobody reads the log any more (EPIPE), or its disk is full: the sites matter more.
  }
})

async function main(): Promise<void> {
  const settings = readSettings()
  process.umask(0o022)
  await lockState(settings.stateFolder)
  await mkdir(settings.runFolder, { recursive: true, mode: 0o755 })
  const audit = openAudit(join(settings.stateFolder, 'audit.log'), (error) => log.error('audit log', { error }))
  await access(settings.launcher, constants.X_OK).catch((cause: unknown) => {
    throw new AppError('host_failed', `The launcher ${settings.launcher} is not there.`, {
      hint: 'npm run build',
      cause,
    })
  })
  const launcher = openLauncher(settings.launcher)
  const [cgroups, network] = await Promise.all([openCgroups(settings.cgroup), openNetwork(settings.network)])
  // After the firewall: its module brings some of the tables.
  for (const { name, wanted, found } of applySysctls()) log.info('sysctl raised', { name, from: found, to: wanted })
  const parts = {
    settings,
    log,
    cgroups,
    network,
    launcher,
    watch: launcher.watch(),
    changes: launcher.changes(settings.network.bridge),
  }
  const hive: Hive = makeHive({
    ...parts,
    templates: openSiteTemplates(settings.templatesFolder),
    consoles: openConsoles(settings.runFolder, settings.logFolder, (id, text) => noticeSsh(id, text)),
  })
  const noticeSsh = openSshNotice(hive)
  const proxy = openProxyProcess(parts)
  await sweepPartials(settings.stateFolder)
  await adoptAll(hive)
  await announcePlatform(settings.templatesFolder, settings.stateFolder).catch((error: unknown) =>
    log.error('templates', { error }),
  )
  wakeWhenAwaited(hive)
  const door = await openDoor(join(settings.runFolder, 'agent.sock'), settings.serverGroup, {
    answers: makeAnswers(hive, proxy, audit, VERSION),
    audit,
    log,
  })
  log.info('open', { containers: hive.containers.size, pid: process.pid })
  const rounds = reconcileForever(hive, () => proxy.check())
  endOn(['SIGTERM', 'SIGINT'], async () => {
    hive.isClosing = true
    rounds.end()
    await door.close(VERBS_MAY_TAKE_MS)
    parts.watch.close()
    parts.changes.close()
    audit.close()
  })
  await Promise.all([proxy.adopt().catch((error: unknown) => log.error('front proxy', { error })), settleAll(hive)])
}

function readSettings(): AgentSettings {
  const { values } = parseArgs({ options: { settings: { type: 'string' } } })
  if (values.settings === undefined) throw new AppError('invalid', 'agent --settings FILE')
  if (process.getuid?.() !== 0) throw new AppError('forbidden', 'The agent must run as root.')
  return check(AgentSettings, JSON.parse(readFileSync(values.settings, 'utf8')), 'agent.json')
}

/** Containers and front proxy go on; the next agent adopts them. */
function endOn(signals: NodeJS.Signals[], close: () => Promise<void>): void {
  let isEnding = false
  const end = (why: string): void => {
    if (isEnding) return
    isEnding = true
    log.info('closing', { why })
    void close()
      .catch((error: unknown) => log.error('closing failed', { error }))
      .finally(() => process.exit(0))
  }
  for (const signal of signals) process.on(signal, () => end(signal))
  onStarterGone(() => end('its starter is gone'))
}

// A fault nobody foresaw must not go on with half a mind: the next agent finds everything as it is.
process.on('uncaughtException', (error) => {
  log.error('fault', { error })
  process.exit(70)
})

async function start(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--build-template')) process.exit(await buildAlone(args))
  if (args.includes('--doctor')) process.exit(await doctorAlone(args))
  await main()
}

start().catch((error: unknown) => {
  const known = error instanceof AppError ? error : undefined
  log.error('cannot start', { error })
  if (known) writeSync(process.stderr.fd, `ruche agent: ${known.message}${known.hint ? `\n${known.hint}` : ''}\n`)
  process.exit(1)
})
