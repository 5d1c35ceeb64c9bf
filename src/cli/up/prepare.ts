import { rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Configuration } from '../../model/configuration.js'
import { AppError } from '../../model/errors.js'
import type { ServerSettings } from '../../model/server-settings.js'
import type { ProgressView } from '../progress-view.js'
import { type Account, ensureAccount } from './accounts.js'
import { arePortsFree, choosePort } from './choose-ports.js'
import { deployApp } from './deploy-app.js'
import { findResolvers } from './find-resolvers.js'
import { findNetwork, getLoopback, type PublicSide, planPublicSide } from './find-uplink.js'
import { ensureFolder, findBarrier, planFolders } from './folders.js'
import { ensureLogFile } from './log-files.js'
import type { Paths } from './paths.js'
import { PROXY_USER, planAgentSettings, planServerSettings, SERVER_USER } from './plan-settings.js'
import { findPortHolder } from './port-holder.js'
import { type Built, findProgram } from './programs.js'
import { writeSettings } from './write-settings.js'

export interface Accounts {
  server: Account
  proxy: Account
}

/** Users and folders. AppError `host_failed`, with nothing made, when the server's user could not get to them. */
export async function prepareFolders(paths: Paths): Promise<Accounts> {
  for (const path of [dirname(paths.root ?? paths.lib), process.execPath]) {
    const barrier = await findBarrier(path)
    if (barrier)
      throw new AppError('host_failed', `The user ${SERVER_USER} cannot pass through ${barrier}.`, {
        hint: `chmod o+x ${barrier}, or choose another place`,
      })
  }
  const accounts = { server: await ensureAccount(SERVER_USER), proxy: await ensureAccount(PROXY_USER) }
  for (const folder of planFolders(paths, accounts.server, accounts.proxy)) await ensureFolder(folder)
  await ensureLogFile(paths.agentLog, { uid: 0, gid: 0 })
  await ensureLogFile(paths.serverLog, accounts.server)
  return accounts
}

/** How the machine is connected, and the ports of the front proxy. */
export interface Reach {
  publicSide: PublicSide
  loopback: string[]
  resolvers: string[]
  httpPort: number
  httpsPort: number
}

export async function findReach(paths: Paths, configuration: Configuration, demo: boolean): Promise<Reach> {
  const network = await findNetwork()
  const loopback = getLoopback(network)
  const publicSide = planPublicSide(network, configuration.host)
  const addresses = [...new Set([...(demo ? [] : [...publicSide.ipv4, ...publicSide.ipv6]), ...loopback])]
  const questions = {
    isFree: (port: number) => arePortsFree(addresses, port),
    findHolder: (port: number) => findPortHolder(port, `${paths.lib}/proxy`),
  }
  const { http_port: http, https_port: https } = configuration.host
  const httpPort = await choosePort(http, demo ? 8080 : undefined, 'host.http_port', questions)
  const httpsPort = await choosePort(https, demo ? 8443 : undefined, 'host.https_port', questions)
  return { publicSide, loopback, resolvers: await findResolvers(), httpPort, httpsPort }
}

export interface Prepared {
  paths: Paths
  built: Built
  configuration: Configuration
  reach: Reach
  accounts: Accounts
  sampleAccounts: ServerSettings['sampleAccounts']
  demo: boolean
}

/** Puts the server's program and both settings files in place. */
export async function writeInstallation(prepared: Prepared, view: Pick<ProgressView, 'say'>): Promise<void> {
  const { paths, built, reach, accounts } = prepared
  if ((await deployApp(built.app, paths.app)) === 'copied') view.say(`The server's program was copied to ${paths.app}.`)
  const disk = await statfs(paths.lib)
  const findings = {
    ...prepared,
    ...reach,
    nginx: (await findProgram('nginx')) ?? 'nginx',
    diskTotalBytes: disk.blocks * disk.bsize,
  }
  await writeSettings(paths.agentSettings, planAgentSettings(findings), { gid: 0, mode: 0o600 })
  await writeSettings(paths.serverSettings, planServerSettings(findings), { gid: accounts.server.gid, mode: 0o640 })
  // Sockets of a run that ended without taking them away would look like somebody who does not answer.
  await rm(paths.serverSocket, { force: true })
}
