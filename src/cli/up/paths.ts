import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** Where everything of one platform is. */
export interface Paths {
  /** Folder given by `--root`; undefined: the folders of the system. */
  root: string | undefined
  lib: string
  run: string
  log: string
  /** The server's program and pages, where its user can read them. */
  app: string
  agentSocket: string
  serverSocket: string
  agentSettings: string
  serverSettings: string
  /** What `up` holds locked while it runs. */
  lock: string
  /** The processes that `up` started, for the next one. */
  children: string
  agentLog: string
  serverLog: string
  /** Certificate of the local authority. */
  caFile: string
}

/** The folders of the system, or `DIR/{lib,run,log}` of `--root DIR`. */
export function planPaths(root: string | undefined): Paths {
  const lib = root ? join(root, 'lib') : '/var/lib/ruche'
  const run = root ? join(root, 'run') : '/run/ruche'
  const log = root ? join(root, 'log') : '/var/log/ruche'
  return {
    root,
    lib,
    run,
    log,
    // Not below /run: Debian mounts it noexec, and the server loads a native module.
    app: join(lib, 'app'),
    agentSocket: join(run, 'agent.sock'),
    serverSocket: join(run, 'server.sock'),
    agentSettings: join(run, 'agent.json'),
    serverSettings: join(run, 'server.json'),
    lock: join(run, 'up/lock'),
    children: join(run, 'up/children.json'),
    agentLog: join(log, 'agent.log'),
    serverLog: join(log, 'server.log'),
    caFile: join(lib, 'certificates/ca.pem'),
  }
}

/** Name of the platform's cgroups: several platforms on one machine must not meet there. */
export function planCgroupName(root: string | undefined): string {
  return root ? `ruche-${createHash('sha256').update(root).digest('hex').slice(0, 8)}` : 'ruche'
}
