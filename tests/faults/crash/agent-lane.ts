import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ContainerSpec, ContainerStatus } from '../../../src/model/container.js'
import { type AgentOptions, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { changesOf, type Effects, openEffects } from '../../helpers/effects.js'
import { findLeaks } from '../../helpers/leak-oracle.js'
import { finish, until } from '../../helpers/programs.js'
import type { Lane } from './matrix.js'

export const ID = 'one'
/** Under which the trash keeps what `one` held. */
export const KEPT_AS = '6f1c1c1e-0000-4000-8000-000000000001'
export const context = { actor: 'test' }

/** One agent with two sites: `one`, on which everything is tried, and a bystander that must never notice. */
export interface AgentLane extends Lane {
  agent: TestAgent
  /** What the next change of `one` asks for: something else each time. */
  turn: number
  bystander: ContainerStatus
}

export async function openAgentLane(options: AgentOptions = {}): Promise<AgentLane> {
  let effects: Effects | undefined
  const agent = await startAgent(undefined, async (_, root) => {
    effects = await openEffects(root, 'agent')
    return { ...options, env: effects.env }
  })
  await agent.engine.create(specFor('bystander', 9), context)
  const bystander = await agent.engine.start('bystander', context)
  if (effects === undefined) throw new Error('no effects')
  const lane: AgentLane = {
    subject: agent,
    agent,
    effects,
    turn: 0,
    bystander,
    expectSettled: () => expectSettled(lane),
    clear: () => agent.engine.destroy(ID, context),
  }
  return lane
}

export async function closeAgentLane({ agent, bystander }: AgentLane): Promise<void> {
  expect(await agent.engine.find('bystander')).toMatchObject({ phase: 'running', pid: bystander.pid, restarts: 0 })
  await agent.close()
}

/** The spec that `one` is given at a turn; every part that can be changed differs from one to the next. */
export function specAt(turn: number): ContainerSpec {
  const spec = specFor(ID, 20, 'nginx-static-none', { cpuMilli: 500 + turn, pids: 128 + turn })
  const settings = { ...spec.settings, environment: { GREETING: `turn ${turn}` } }
  return { ...spec, sftpPort: 22_100 + turn, settings }
}

export const find = (lane: AgentLane) => lane.agent.engine.find(ID)
export const recordPath = ({ agent }: AgentLane) => join(agent.settings.stateFolder, 'sites', ID, 'spec.json')
interface WrittenRecord {
  spec: ContainerSpec
  wanted: string
  asleep: boolean
  slot: number
}

/** What the trash keeps. */
export const listTrash = ({ agent }: AgentLane): string[] => list(agent.settings.stateFolder, 'trash')

/** What lies where the backups of `one` are kept, but for what became of trying them. */
export const listBackupFiles = ({ agent }: AgentLane): string[] =>
  list(agent.settings.stateFolder, 'backups', KEPT_AS).filter((name) => !name.endsWith('.proof.json'))

function list(...path: string[]): string[] {
  try {
    return readdirSync(join(...path))
  } catch {
    return []
  }
}

/** What is written of `one`; undefined when there is nothing. */
export function findRecord(lane: AgentLane): WrittenRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(lane), 'utf8')) as WrittenRecord
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Brings `one` to where an act begins. */
export async function bring(lane: AgentLane, to: 'absent' | 'created' | 'stopped' | 'running'): Promise<void> {
  const { engine } = lane.agent
  const now = await find(lane)
  const isBegun = now !== undefined && (JSON.parse(readFileSync(recordPath(lane), 'utf8')) as { begun: boolean }).begun
  if (now && (to === 'absent' || (to === 'created' && isBegun))) await engine.destroy(ID, context)
  if (to === 'absent') return
  if (!now || (to === 'created' && isBegun)) await engine.create(specAt(lane.turn), context)
  if (to === 'created') return
  if (to === 'running' || !isBegun) await engine.start(ID, context)
  if (to === 'stopped') await engine.stop(ID, context)
}

/** All is settled: `one` is as its record says, and nothing lies about that belongs to nothing. One more round then changes nothing. */
async function expectSettled(lane: AgentLane): Promise<ContainerStatus | undefined> {
  const status = await until(
    'it is settled',
    async () => {
      const wrong = await findWrong(lane)
      if (wrong.length > 0) throw new Error(wrong.join('\n'))
      return { found: await find(lane) }
    },
    10_000,
  )
  await lane.effects.tell(lane.agent.pid(), { mode: 'record', round: true })
  const moments = await lane.effects.tell(lane.agent.pid(), { mode: 'off' })
  // Connections of what is stopped are forgotten a little later, once; and what a site says is written down when it says it.
  const changes = changesOf(moments).filter((effect) => !/^conntrack|^(mkdir|appendFile) \/log\/sites/.test(effect))
  expect(changes).toEqual([])
  return status.found
}

async function findWrong(lane: AgentLane): Promise<string[]> {
  const { agent } = lane
  const [status, record] = [await find(lane), findRecord(lane)]
  const phase = record?.asleep ? 'asleep' : record?.wanted
  return [
    ...(status?.phase === phase || (status?.phase === 'failed' && phase === 'stopped')
      ? []
      : [`it is ${status?.phase}, and ${phase} is written`]),
    ...findFiles(lane, record !== undefined),
    ...findSlots(lane, record),
    ...(await findNetwork(lane, record?.spec, phase)),
    ...findLeaks({ folder: agent.root, uidBases: [] })
      .filter((line) => line.startsWith('loop device') && (phase !== 'running' || !line.includes(`/${ID}/`)))
      .filter((line) => !line.includes('/bystander/')),
  ]
}

function findFiles(lane: AgentLane, isThere: boolean): string[] {
  const { stateFolder, runFolder, logFolder, cgroup } = lane.agent.settings
  const ids = ['bystander', ...(isThere ? [ID] : [])]
  const groups = list('/sys/fs/cgroup/pids', cgroup).filter((name) => !/^(cgroup|pids|notify|tasks)/.test(name))
  const isRunning = groups.includes(ID)
  const allowed: [string, string[], string[]][] = [
    [
      'state',
      list(stateFolder),
      ['agent.lock', 'audit.log', 'audit.log.1', 'backups', 'sites', 'trash', 'uid-slots.json'],
    ],
    ['sites', list(stateFolder, 'sites'), ids],
    ['trash', listTrash(lane), [KEPT_AS]],
    ['site', list(stateFolder, 'sites', ID), ['image', 'spec.json', 'spec.last.json']],
    ['logs', list(logFolder, 'sites'), ids],
    [
      'lives',
      list(runFolder, 'containers'),
      [
        'bystander.json',
        'bystander.console',
        ...(isThere ? [`${ID}.console`] : []),
        ...(isRunning ? [`${ID}.json`] : []),
      ],
    ],
  ]
  return allowed.flatMap(([where, found, may]) =>
    found.filter((name) => !may.includes(name)).map((name) => `${where}: ${name}`),
  )
}

/** Each range of ids is given out to a record, and to no more. */
function findSlots(lane: AgentLane, record: WrittenRecord | undefined): string[] {
  const { stateFolder } = lane.agent.settings
  const read = (...path: string[]) => JSON.parse(readFileSync(join(stateFolder, ...path), 'utf8')) as unknown
  const slotOf = (...path: string[]) => (read(...path, 'spec.json') as WrittenRecord).slot
  const slots = read('uid-slots.json') as Record<string, number>
  const held = [
    slotOf('sites', 'bystander'),
    ...(record ? [record.slot] : []),
    ...listTrash(lane).map((key) => slotOf('trash', key)),
  ]
  const given = Object.keys(slots).filter((slot) => slots[slot] === 0)
  const same = given.length === held.length && held.every((slot) => given.includes(String(slot)))
  return same ? [] : [`slots ${given.join(', ')} are given out, and ${held.join(', ')} are held`]
}

/** Cables, neighbours, elements of the firewall, tracked connections and cgroups of `one` when it does not run, or without them when it does. */
async function findNetwork(
  { agent }: AgentLane,
  spec: ContainerSpec | undefined,
  phase: string | undefined,
): Promise<string[]> {
  const { cgroup } = agent.settings
  const isRunning = phase === 'running'
  // Whoever comes to a site that sleeps wakes it.
  const isReachable = isRunning || phase === 'asleep'
  const [links, neighbours, rules, groups] = await Promise.all([
    agent.inside('ip', '-o', 'link'),
    agent.inside('ip', 'neighbour', 'show', 'nud', 'permanent'),
    agent.inside('nft', 'list', 'ruleset'),
    finish('find', ['/sys/fs/cgroup', '-maxdepth', '3', '-path', `*/${cgroup}/${ID}`]),
  ])
  // A stopped site may be known to the firewall, where it may send but not be reached.
  const isKnown = /10\.1\.1\.20\b/.test(rules.stdout)
  const facts: [string, boolean, boolean][] = [
    ['cable', links.stdout.includes(' rv20@'), isRunning],
    ['neighbour', neighbours.stdout.includes('10.1.1.20 '), isRunning],
    ['cgroup', groups.stdout !== '', isRunning],
    ['its address in the firewall', isKnown, spec === undefined ? false : isReachable || isKnown],
    ['its port in the firewall', spec !== undefined && rules.stdout.includes(String(spec.sftpPort)), isReachable],
  ]
  const ports = [...rules.stdout.matchAll(/\b22[1-4]\d\d\b/g)].map(([port]) => Number(port))
  return [
    ...facts.filter(([, is, should]) => is !== should).map(([what, is]) => `${what} is ${is ? 'left' : 'missing'}`),
    ...ports.filter((port) => port !== spec?.sftpPort).map((port) => `port ${port} is left`),
  ]
}
