import { expect } from 'vitest'
import { execIn } from '../../helpers/agent.js'
import { succeed, until } from '../../helpers/programs.js'
import {
  type AgentLane,
  bring,
  context,
  find,
  findRecord,
  ID,
  KEPT_AS,
  listBackupFiles,
  listTrash,
  specAt,
} from './agent-lane.js'
import type { Act } from './matrix.js'

const served = async (lane: AgentLane): Promise<void> => {
  expect((await lane.agent.get('10.1.1.20')).status).toBe(200)
}
const files = (lane: AgentLane) => lane.agent.engine.files(ID, 'test')
const textAt = (turn: number) => Buffer.from(`text ${turn}\n`.repeat(500))

const create: Act<AgentLane> = {
  name: 'create',
  prepare: (lane) => bring(lane, 'absent'),
  run: (lane) => lane.agent.engine.create(specAt(lane.turn), context),
  async check(lane, done) {
    const record = findRecord(lane)
    if (done) expect(record).toBeDefined()
    if (record === undefined) return
    expect(record.spec).toEqual(specAt(lane.turn))
    await succeed('e2fsck', ['-fn', `${lane.agent.settings.stateFolder}/sites/${ID}/image`])
    await lane.agent.engine.create(specAt(lane.turn), context)
  },
}

/** `done`: it runs. Otherwise it may, and then it serves. */
async function checkRunning(lane: AgentLane, done: boolean): Promise<void> {
  const status = await find(lane)
  if (done) expect(status?.phase).toBe('running')
  expect(['running', 'stopped']).toContain(status?.phase)
  if (status?.phase === 'running') await served(lane)
}

const firstStart: Act<AgentLane> = {
  name: 'first start',
  prepare: (lane) => bring(lane, 'created'),
  run: (lane) => lane.agent.engine.start(ID, context),
  check: checkRunning,
}

let diskBytes = 300 * 1024 ** 2
const startLarger: Act<AgentLane> = {
  name: 'start with a larger disk',
  async prepare(lane) {
    await bring(lane, 'stopped')
    const { spec } = findRecord(lane) ?? expect.fail('no record')
    diskBytes += 4 * 1024 ** 2
    await lane.agent.engine.update({ ...spec, limits: { ...spec.limits, diskBytes } }, context)
  },
  run: (lane) => lane.agent.engine.start(ID, context),
  check: checkRunning,
}

const stop: Act<AgentLane> = {
  name: 'stop',
  prepare: (lane) => bring(lane, 'running'),
  run: (lane) => lane.agent.engine.stop(ID, context),
  async check(lane, done) {
    await checkRunning(lane, false)
    if (done) expect((await find(lane))?.phase).toBe('stopped')
  },
}

const destroy: Act<AgentLane> = {
  name: 'destroy',
  prepare: (lane) => bring(lane, 'running'),
  run: (lane) => lane.agent.engine.destroy(ID, context),
  async check(lane, done) {
    if (done) expect(await find(lane)).toBeUndefined()
    if (await find(lane)) await checkRunning(lane, true)
    else expect((await lane.agent.inside('conntrack', '-L', '-r', '10.1.1.20')).stdout).toBe('')
  },
}

const change: Act<AgentLane> = {
  name: 'limits, port and settings',
  async prepare(lane) {
    await bring(lane, 'running')
    await served(lane)
  },
  run: (lane) => {
    const { spec } = findRecord(lane) ?? expect.fail('no record')
    lane.turn += 1
    return lane.agent.engine.update(
      { ...specAt(lane.turn), limits: { ...specAt(lane.turn).limits, diskBytes: spec.limits.diskBytes } },
      context,
    )
  },
  async check(lane, done) {
    const { spec } = findRecord(lane) ?? expect.fail('no record')
    const { diskBytes: _, ...limits } = spec.limits
    const wholes = [lane.turn, lane.turn - 1].map(specAt)
    const is = wholes.findIndex((whole) => whole.sftpPort === spec.sftpPort)
    expect(is).toBe(done ? 0 : Math.max(0, is))
    expect(wholes[is]).toMatchObject({ sftpPort: spec.sftpPort, limits, settings: spec.settings })
    const quota = await succeed('cat', [`/sys/fs/cgroup/cpu/${lane.agent.settings.cgroup}/${ID}/cpu.cfs_quota_us`])
    expect(Number(quota)).toBe(limits.cpuMilli * 100)
    // Whoever was told of no success asks again: then all of it holds.
    const again = { ...specAt(lane.turn), limits: { ...specAt(lane.turn).limits, diskBytes: spec.limits.diskBytes } }
    await lane.agent.engine.update(again, context)
    expect((await execIn(lane.agent, ID, ['printenv', 'GREETING'])).stdout.trim()).toBe(`turn ${lane.turn}`)
  },
}

/** Asleep or not: whoever comes is served. */
async function checkAwakened(lane: AgentLane): Promise<void> {
  await served(lane)
  expect((await find(lane))?.phase).toBe('running')
}

const sleep: Act<AgentLane> = {
  name: 'sleep',
  prepare: (lane) => bring(lane, 'running'),
  run: (lane) => lane.agent.engine.sleep(ID, context),
  async check(lane, done) {
    const status = await find(lane)
    expect(status?.wanted).toBe('running')
    expect(done ? ['asleep'] : ['asleep', 'running']).toContain(status?.phase)
    await checkAwakened(lane)
  },
}

const wake: Act<AgentLane> = {
  name: 'wake',
  async prepare(lane) {
    await bring(lane, 'running')
    await lane.agent.engine.sleep(ID, context)
  },
  run: async (lane) => expect(await execIn(lane.agent, ID, ['true'])).toMatchObject({ code: 0 }),
  async check(lane, done) {
    if (done) expect((await find(lane))?.phase).toBe('running')
    await checkAwakened(lane)
  },
}

/** Running with a page of the turn, which must be found again wherever the site is. */
async function bringWithPage(lane: AgentLane): Promise<void> {
  await bring(lane, 'running')
  const base = (await readPage(lane))?.version ?? null
  lane.turn += 1
  await files(lane).save('public/page.txt', base, textAt(lane.turn))
}

/** What was destroyed is in the trash, whole, and nowhere else. */
const keep: Act<AgentLane> = {
  name: 'destroy and keep',
  prepare: bringWithPage,
  run: (lane) => lane.agent.engine.destroy(ID, context, KEPT_AS),
  async check(lane, done) {
    const { engine } = lane.agent
    if (done) expect(await find(lane)).toBeUndefined()
    expect(listTrash(lane)).toEqual((await find(lane)) ? [] : [KEPT_AS])
    if (!(await find(lane))) await engine.untrash(KEPT_AS, specAt(lane.turn), context)
    expect(listTrash(lane)).toEqual([])
    expect(textOf(await readPage(lane))).toBe(textAt(lane.turn).toString())
  },
}

const purge: Act<AgentLane> = {
  name: 'purge',
  async prepare(lane) {
    await bring(lane, 'stopped')
    await lane.agent.engine.destroy(ID, context, KEPT_AS)
  },
  run: (lane) => lane.agent.engine.purge(KEPT_AS, context),
  async check(lane, done) {
    if (done) expect(listTrash(lane)).toEqual([])
    await lane.agent.engine.purge(KEPT_AS, context)
    await lane.expectSettled()
    expect(listTrash(lane)).toEqual([])
  },
}

/** A new site out of another one, which goes on and is never left held still. */
const copy: Act<AgentLane> = {
  name: 'copy',
  prepare: (lane) => bring(lane, 'absent'),
  run: (lane) => lane.agent.engine.copy('bystander', specAt(lane.turn), context),
  async check(lane, done) {
    await expectNotFrozen(lane, 'bystander')
    if (done) expect(await find(lane)).toBeDefined()
    if (!(await find(lane))) return
    await lane.agent.engine.start(ID, context)
    await served(lane)
  },
}

/** What is held still cannot be written to. */
async function expectNotFrozen(lane: AgentLane, id: string): Promise<void> {
  expect(await execIn(lane.agent, id, ['sh', '-c', 'date >.written && sync .written'])).toMatchObject({ code: 0 })
}

/** It is in one place or the other, or in both of which the next attempt leaves one. */
const untrash: Act<AgentLane> = {
  name: 'untrash',
  async prepare(lane) {
    await bringWithPage(lane)
    await lane.agent.engine.destroy(ID, context, KEPT_AS)
  },
  run: (lane) => lane.agent.engine.untrash(KEPT_AS, specAt(lane.turn), context),
  async check(lane, done) {
    const { engine } = lane.agent
    if (done) expect(listTrash(lane)).toEqual([])
    await engine.untrash(KEPT_AS, specAt(lane.turn), context)
    expect(listTrash(lane)).toEqual([])
    expect(textOf(await readPage(lane))).toBe(textAt(lane.turn).toString())
  },
}

const BACKUP = 'backupbackup'
const backups = (lane: AgentLane) => lane.agent.engine.backups(KEPT_AS)

/** What is listed is whole, what is half is nowhere, and the site goes on. */
const backUp: Act<AgentLane> = {
  name: 'back up',
  async prepare(lane) {
    await bringWithPage(lane)
    await backups(lane).remove(BACKUP, context)
  },
  run: (lane) => backups(lane).create(ID, BACKUP, context),
  async check(lane, done) {
    await expectNotFrozen(lane, ID)
    const listed = await backups(lane).list()
    expect(listed.length).toBe(done ? 1 : Math.min(1, listed.length))
    expect(listBackupFiles(lane)).toEqual(listed.map(({ id }) => `${id}.tar`))
    await backups(lane).create(ID, BACKUP, context)
    expect((await backups(lane).prove(ID, BACKUP, context)).proof).toMatchObject({ proven: true })
  },
}

/** A backup of the page, which is changed afterwards. */
async function bringWithBackup(lane: AgentLane): Promise<void> {
  await bringWithPage(lane)
  await backups(lane).remove(BACKUP, context)
  await backups(lane).create(ID, BACKUP, context)
  await files(lane).save('public/page.txt', (await readPage(lane))?.version ?? null, Buffer.from('later'))
}

const restore: Act<AgentLane> = {
  name: 'restore',
  prepare: bringWithBackup,
  run: (lane) => backups(lane).restore(ID, BACKUP, context),
  async check(lane, done) {
    expect([textAt(lane.turn).toString(), ...(done ? [] : ['later'])]).toContain(textOf(await readPage(lane)))
    await served(lane)
  },
}

const restoreAs: Act<AgentLane> = {
  name: 'restore as a new site',
  async prepare(lane) {
    await bringWithBackup(lane)
    await bring(lane, 'absent')
  },
  run: (lane) => backups(lane).restoreAs(specAt(lane.turn), BACKUP, context),
  async check(lane, done) {
    if (done) expect(await find(lane)).toBeDefined()
    if (await find(lane)) expect(textOf(await readPage(lane))).toBe(textAt(lane.turn).toString())
  },
}

/** What the file held before the act: several in a row may have come to nothing. */
const before = new WeakMap<AgentLane, string | undefined>()

const readPage = (lane: AgentLane) =>
  files(lane)
    .read('public/page.txt')
    .catch(() => undefined)

const textOf = (page: Awaited<ReturnType<typeof readPage>>) => page && Buffer.from(page.content).toString()

const save = (name: string, state: 'running' | 'stopped'): Act<AgentLane> => ({
  name,
  async prepare(lane) {
    await bring(lane, state)
    before.set(lane, textOf(await readPage(lane)))
  },
  async run(lane) {
    const base = (await readPage(lane))?.version ?? null
    lane.turn += 1
    await files(lane).save('public/page.txt', base, textAt(lane.turn))
  },
  async check(lane, done) {
    // The site's own program goes on without its agent, sees that nobody sends any more, and takes away what it began.
    await until('nothing is left half done', async () => {
      const { entries } = await files(lane).list('public')
      expect(entries.map((entry) => entry.name).filter((one) => !['index.html', 'page.txt'].includes(one))).toEqual([])
      return true
    })
    const may = [textAt(lane.turn).toString(), ...(done ? [] : [before.get(lane)])]
    expect(may).toContain(textOf(await readPage(lane)))
  },
})

export const AGENT_ACTS: readonly Act<AgentLane>[] = [
  create,
  firstStart,
  change,
  save('save a file', 'running'),
  stop,
  save('save a file of a stopped site', 'stopped'),
  startLarger,
  sleep,
  wake,
  keep,
  purge,
  untrash,
  copy,
  backUp,
  restore,
  restoreAs,
  destroy,
]
