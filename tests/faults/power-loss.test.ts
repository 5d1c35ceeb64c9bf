import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoLeaks } from '../helpers/leak-oracle.js'
import { PATIENCE, succeed, until } from '../helpers/programs.js'
import { readRegister } from './crash/server-lane.js'
import { closeMachine, cutPower, type Machine, openMachine } from './power/machine.js'

const MIB = 1024 ** 2
const ROUNDS = 3
const stack = { server: 'nginx', language: 'static', database: 'none' } as const

let machine: Machine
beforeAll(async () => {
  machine = await openMachine()
})
afterAll(async () => {
  if (!machine) return
  const { root, settings } = machine.agent
  await closeMachine(machine)
  await expectNoLeaks({ folder: root, uidBases: [], cgroupWord: settings.cgroup })
})

const call = () => machine.brain.client

async function follow(asked: Promise<{ operation: string }>): Promise<void> {
  const { operation: id } = await asked
  const isDone = async () => (await call().call('getOperation', { params: { id } })).state === 'done'
  await until('it is done', isDone, 60_000)
}

/** What somebody has been told, and what must therefore be true after the cut. */
interface Told {
  /** Every site whose creation was answered, done or not. */
  sites: string[]
  gone: string[]
  /** Those whose creation was not seen to be done. */
  begun: string[]
  cpuMilli: Record<string, number>
  pages: Record<string, string>
}

async function create(told: Told, name: string): Promise<{ operation: string }> {
  const asked = await call().call('createSite', { body: { name, stack, limits: { diskBytes: 96 * MIB } } })
  told.sites.push(name)
  return asked
}

/** A life of sites in which each answer is written down the moment it comes. */
async function work(told: Told, round: number): Promise<void> {
  const [kept, brief, last] = ['kept', 'brief', 'last'].map((word) => `${word}-${round}`) as [string, string, string]
  await follow(create(told, kept))
  await follow(create(told, brief))
  const files = machine.agent.engine.files(kept, 'test')
  const text = `page of round ${round}\n`.repeat(400)
  await files.save('public/page.txt', null, Buffer.from(text))
  told.pages[kept] = text
  await follow(call().call('setLimits', { params: { name: kept }, body: { cpuMilli: 300 + round } }))
  told.cpuMilli[kept] = 300 + round
  await follow(call().call('destroySite', { params: { name: brief }, query: {} }))
  told.gone.push(brief)
  // Answered, and not yet made when the power goes.
  await create(told, last)
  told.begun.push(last)
}

async function check(told: Told): Promise<void> {
  const settled = await until(
    'all is as the register says',
    async () => {
      const { sites, running } = await readRegister(machine)
      const statuses = await machine.agent.engine.list()
      const isReady = sites.every(
        ({ name, lifecycle, wanted }) =>
          lifecycle === 'ready' && statuses.find(({ id }) => id === name)?.phase === wanted,
      )
      return running === 0 && isReady && statuses.length === sites.length && { sites, statuses }
    },
    90_000,
  )
  const names = settled.sites.map(({ name }) => name)
  // What was answered and not made yet may fail afterwards, as any work may: then that is written, and nothing of it is left.
  const { operations } = await call().call('listOperations')
  const failed = operations.filter(({ kind, state }) => kind === 'site.create' && state === 'failed')
  const mayMiss = told.begun.filter((name) => failed.some(({ subject }) => subject === name))
  const expected = told.sites.filter((name) => !told.gone.includes(name))
  expect([...new Set([...names, ...mayMiss])].toSorted()).toEqual(expected.toSorted())
  for (const { name, limits } of settled.sites)
    if (told.cpuMilli[name] !== undefined) expect(limits.cpuMilli, name).toBe(told.cpuMilli[name])
  for (const [name, text] of Object.entries(told.pages)) {
    const { content } = await machine.agent.engine.files(name, 'test').read('public/page.txt')
    expect(Buffer.from(content).toString(), name).toBe(text)
  }
  for (const { ipv4 } of settled.statuses) expect((await machine.agent.get(ipv4)).status).toBe(200)
  const { stateFolder } = machine.agent.settings
  expect((await readdir(join(stateFolder, 'sites'))).toSorted()).toEqual(names.toSorted())
  expect(await readdir(join(stateFolder, 'trash'))).toEqual([])
}

test('CRA-3: the power goes at once, with all that was not yet on the disk; everything that was answered is there', {
  timeout: 300_000 * PATIENCE,
}, async () => {
  const told: Told = { sites: [], gone: [], begun: [], cpuMilli: {}, pages: {} }
  for (let round = 0; round < ROUNDS; round += 1) {
    await work(told, round)
    await cutPower(machine)
    await check(told)
  }
  // Nobody repaired an image meanwhile: what a stopped one holds is whole.
  for (const { id: name } of await machine.agent.engine.list()) {
    await machine.agent.engine.stop(name, { actor: 'test' })
    await succeed('e2fsck', ['-fn', join(machine.agent.settings.stateFolder, 'sites', name, 'image')])
  }
})
