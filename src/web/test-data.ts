import { DEFAULT_LIMITS } from '../model/limits.js'
import type { Operation } from '../model/operation.js'
import type { Site } from '../model/site.js'
import { DEFAULT_STACK } from '../model/stack.js'

/** A running site, for the unit tests of this room. */
export function aSite(change: Partial<Site> = {}): Site {
  return {
    name: 'shop',
    owner: 'ada',
    stack: DEFAULT_STACK,
    packages: [],
    modelFor: 'nobody',
    state: 'running',
    wanted: 'running',
    idleMinutes: 30,
    url: 'https://shop.sites.localhost/',
    domains: ['shop.sites.localhost'],
    claims: [],
    ipv4: '10.1.1.2',
    ipv6: 'fd00:10:1:1::2',
    sftpPort: 22002,
    limits: DEFAULT_LIMITS,
    usage: { cpuNs: 0, memoryBytes: 1, oomKills: 0, pids: 3, diskUsedBytes: 1 },
    createdAt: '2026-11-20T10:00:00.000Z',
    startedAt: '2026-11-20T10:00:01.000Z',
    restarts: 0,
    rights: ['view', 'power', 'edit', 'manage', 'share', 'delete'],
    ...change,
  }
}

let lastId = 0
/** A running start of that site. */
export function anOperation(change: Partial<Operation> = {}): Operation {
  lastId += 1
  return {
    id: `op${String(lastId).padStart(10, 'a')}`,
    kind: 'site.start',
    subject: 'shop',
    by: 'ada',
    state: 'running',
    createdAt: '2026-11-20T10:00:00.000Z',
    steps: [],
    log: [],
    ...change,
  }
}
