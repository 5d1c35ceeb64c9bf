/** Who a place belongs to: `server` and `proxy` are the accounts of the server and of the front proxy. */
export type Holder = 'root' | 'server' | 'proxy'

/** One folder, file or socket of an installation. */
export interface Place {
  below: 'lib' | 'run' | 'log'
  /** Below that folder; '' is the folder itself. */
  path: string
  kind: 'folder' | 'file' | 'socket'
  mode: number
  owner: Holder
  group: Holder
  /** May be absent on a platform that runs: it is made when it is first needed. */
  isLater?: boolean
}

const folder = (below: Place['below'], path: string, mode: number, owner: Holder = 'root', group = owner): Place => ({
  below,
  path,
  kind: 'folder',
  mode,
  owner,
  group,
})

/** Every folder that must be there before the agent and the server start, parents first. */
export const FOLDERS: readonly Place[] = [
  folder('lib', '', 0o711),
  folder('lib', 'agent', 0o700),
  folder('lib', 'register', 0o700, 'server'),
  folder('lib', 'certificates', 0o750, 'server', 'proxy'),
  folder('lib', 'proxy', 0o750, 'server', 'proxy'),
  // What happened to each site, and what it used.
  folder('lib', 'journals', 0o700, 'server'),
  folder('lib', 'metrics', 0o700, 'server'),
  // The server makes its sockets here; sticky, so that it cannot put a file of its own in the place of one of root's. What root writes again and again
  // is in folders of root's that are there before the server first runs: a link laid in wait leads nowhere.
  folder('run', '', 0o1771, 'root', 'server'),
  folder('run', 'up', 0o700),
  folder('run', 'containers', 0o700),
  folder('run', 'proxy', 0o750, 'proxy'),
  folder('log', '', 0o711),
  // The front proxy writes here, the server moves aside what is full.
  folder('log', 'proxy', 0o770, 'server', 'proxy'),
  folder('log', 'sites', 0o700),
]

const later = { isLater: true } as const
const rootsFile = (below: Place['below'], path: string): Place => ({
  ...{ below, path, kind: 'file', mode: 0o600, owner: 'root', group: 'root' },
})

/** What agent, server and `ruche up` make in these folders. */
const MADE: readonly Place[] = [
  folder('lib', 'agent/sites', 0o700),
  { ...folder('lib', 'agent/trash', 0o700), ...later },
  rootsFile('lib', 'agent/agent.lock'),
  rootsFile('lib', 'agent/audit.log'),
  { ...rootsFile('lib', 'agent/uid-slots.json'), ...later },
  { ...rootsFile('lib', 'agent/proxy.json'), ...later },
  { ...folder('lib', 'certificates/authorities', 0o700, 'server', 'proxy'), ...later },
  { ...folder('lib', 'certificates/names', 0o750, 'server', 'proxy'), ...later },
  rootsFile('run', 'agent.json'),
  { below: 'run', path: 'server.json', kind: 'file', mode: 0o640, owner: 'root', group: 'server' },
  { below: 'run', path: 'agent.sock', kind: 'socket', mode: 0o660, owner: 'root', group: 'server' },
  { below: 'run', path: 'server.sock', kind: 'socket', mode: 0o600, owner: 'server', group: 'server', ...later },
  { below: 'run', path: 'panel.sock', kind: 'socket', mode: 0o660, owner: 'server', group: 'proxy', ...later },
]

/** The table of owners and modes: what `ruche up` sets, and what the doctor looks for. */
export const PLACES: readonly Place[] = [...FOLDERS, ...MADE]
