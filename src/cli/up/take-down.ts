import { rm } from 'node:fs/promises'
import { asAppError } from '../../model/errors.js'
import { callAgent } from './call-agent.js'
import type { Paths } from './paths.js'
import type { Running } from './platform.js'
import type { Steps } from './steps.js'

const SERVER_MS = 20_000
const AGENT_MS = 30_000
const DIRECTORY_MS = 10_000
const DNS_MS = 10_000

/** Ends everything in the order that loses nothing: nobody asks any more, sites stop cleanly, then what carried them. Goes on when one part fails. */
export async function takeDown(paths: Paths, running: Running, steps: Steps): Promise<void> {
  const { server, agent, dns, directory } = running
  const attempt = (name: string, work: Parameters<Steps['run']>[1]) =>
    steps.run(name, work).catch((error: unknown) => steps.say(`${name}: ${asAppError(error).message}`))
  if (server) await attempt('stopping the server', () => server.stop(SERVER_MS))
  if (agent) {
    await attempt('stopping the sites', (note) => callAgent(paths.agentSocket, 'host.stopAll', {}, note))
    await attempt('stopping the agent', () => agent.stop(AGENT_MS))
  }
  if (dns) await attempt('stopping the DNS server', () => dns.stop(DNS_MS))
  if (directory) await attempt('stopping the sample directory', () => directory.stop(DIRECTORY_MS))
  if (server || agent || dns || directory) await rm(paths.children, { force: true })
  for (const lock of running.locks.reverse()) await lock.release()
}
