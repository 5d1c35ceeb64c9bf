import { join } from 'node:path'
import type { ChildPlan } from './child.js'
import type { Paths } from './paths.js'
import { PROXY_USER, SERVER_USER } from './plan-settings.js'

/** Both live long and do little: V8 collects what is dead early, instead of taking more and more memory before it looks (MiB; node --v8-options). */
const SMALL = ['--max-semi-space-size=1']

/** The agent: root, one bundled file. */
export function planAgent(paths: Paths, agent: string): ChildPlan {
  return {
    program: process.execPath,
    args: [...SMALL, agent, '--settings', paths.agentSettings],
    logFile: paths.agentLog,
  }
}

/** The server as its own user, in the front proxy's group so that it can hand files over, with no capability and no way to get one (setpriv(1)). */
export function planServer(paths: Paths): ChildPlan {
  const confined = [
    '--reuid',
    SERVER_USER,
    '--regid',
    SERVER_USER,
    '--groups',
    `${SERVER_USER},${PROXY_USER}`,
    '--inh-caps',
    '-all',
    '--bounding-set',
    '-all',
    '--no-new-privs',
  ]
  return {
    program: 'setpriv',
    args: [
      ...confined,
      '--',
      process.execPath,
      ...SMALL,
      join(paths.app, 'server.mjs'),
      '--settings',
      paths.serverSettings,
    ],
    env: { HOME: paths.lib, NODE_ENV: 'production' },
    logFile: paths.serverLog,
  }
}
