import type { Context } from '../context.js'
import { callAgent } from './call-agent.js'
import { planPaths } from './paths.js'
import { preparePlatform } from './platform.js'
import { openChildrenFile } from './previous-children.js'
import { openSteps } from './steps.js'

/** Users, folders and settings only: systemd starts the programs itself (packaging/systemd). */
export async function prepareOnly(context: Context): Promise<void> {
  const paths = planPaths(context.root)
  const view = context.openProgress()
  const running = { locks: [], children: openChildrenFile(paths.children) }
  const { client, configFile } = context
  const signal = new AbortController().signal
  await preparePlatform({ paths, configFile, demo: false, client, steps: openSteps(view), signal }, running)
  view.close()
  context.print({ agentSettings: paths.agentSettings, serverSettings: paths.serverSettings }, () => '')
}

/** Stops every site cleanly; they are wanted as before. For the machine's own shutdown. */
export async function stopSites(context: Context): Promise<void> {
  const view = context.openProgress()
  await callAgent(planPaths(context.root).agentSocket, 'host.stopAll', {}, ({ step, message, percent }) =>
    view.show(message ?? step, undefined, percent),
  ).finally(() => view.close())
  context.print({ stopped: true }, () => 'All sites are stopped.\n')
}
