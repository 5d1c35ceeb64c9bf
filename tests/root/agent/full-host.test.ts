import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { finish, succeed } from '../../helpers/programs.js'

let agent: TestAgent
let disk: string
const context = { actor: 'test' }

/** The state lies on a small disk of its own, which can be filled to its last byte: root has no reserve there. */
beforeAll(async () => {
  agent = await startAgent(
    (settings) => {
      disk = settings.stateFolder
      settings.diskReserveBytes = 0
      mkdirSync(disk, { recursive: true })
    },
    (settings) => succeed('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'none', settings.stateFolder]),
  )
})
afterAll(async () => {
  await finish('umount', ['-l', disk])
  await agent?.close()
})

test('RES-4: on a host whose disk is full, sites can be listed, stopped and destroyed', async () => {
  await agent.engine.create(specFor('one', 70), context)
  await agent.engine.start('one', context)
  await expect(agent.engine.create(specFor('two', 71), context)).rejects.toMatchObject({ code: 'limit_reached' })
  const { stderr } = await finish('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=64k'])
  expect(stderr).toContain('No space left on device')

  expect((await agent.engine.list()).map(({ id, phase }) => `${id} ${phase}`)).toEqual(['one running'])
  await agent.engine.stop('one', context)
  expect(await agent.engine.find('one')).toMatchObject({ phase: 'stopped', wanted: 'stopped' })
  expect((await agent.get('10.1.1.70')).status).toBe(0)
  await expect(agent.engine.start('one', context)).rejects.toMatchObject({ code: 'limit_reached' })
  expect(await agent.engine.find('one')).toMatchObject({ wanted: 'stopped' })
  await agent.engine.destroy('one', context)
  expect(await agent.engine.list()).toEqual([])
})
