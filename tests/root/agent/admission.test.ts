import { mkdirSync } from 'node:fs'
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

test('AGT-6: creations and growths at once never promise more than the disk has', async () => {
  const MIB = 1024 ** 2
  const promised = async () => (await agent.engine.hostStatus()).diskPromisedBytes
  const succeeded = (results: PromiseSettledResult<unknown>[]) => {
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'limit_reached', hint: expect.any(String) })
    return results.filter(({ status }) => status === 'fulfilled').length
  }
  const numbers = [80, 81, 82, 83, 84, 85]
  const spec = (n: number, mib: number) => specFor(`site${n}`, n, 'nginx-static-none', { diskBytes: mib * MIB })
  const made = await Promise.allSettled(numbers.map((n) => agent.engine.create(spec(n, 90), context)))
  expect(succeeded(made)).toBe(4)
  expect(await promised()).toBe(360 * MIB)
  const ids = (await agent.engine.list()).map(({ id }) => Number(id.slice(4)))
  const grown = await Promise.allSettled(ids.map((n) => agent.engine.update(spec(n, 115), context)))
  expect(succeeded(grown)).toBe(1)
  expect(await promised()).toBe(385 * MIB)
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})
