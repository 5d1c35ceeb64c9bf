import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, startPlatform } from '../../helpers/platform.js'
import { findTrouble, OUTER_MACHINE, type Weakening } from './doctor/examination.js'
import { weakenFiles } from './doctor/weaken-files.js'
import { weakenNetwork } from './doctor/weaken-network.js'
import { weakenProxy } from './doctor/weaken-proxy.js'
import { weakenSites } from './doctor/weaken-sites.js'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  await platform.json('create', 'shop', '--language', 'static', '--database', 'none')
  await platform.json('create', 'other', '--language', 'static', '--database', 'none', '--no-start')
}, 120_000)
afterAll(() => platform?.close())

/** Nothing of this platform is at fault; what the machine around it lacks is known and named. Words and exit code say which of both it is. */
async function expectGreen(): Promise<void> {
  const trouble = await findTrouble(platform)
  expect(trouble.filter(({ id }) => !OUTER_MACHINE.includes(id))).toEqual([])
  const { code, stdout } = await platform.ruche('doctor')
  const outerBroken = trouble.some(({ level }) => level === 'broken')
  expect(stdout).toContain(outerBroken ? 'A promise is broken' : 'No promise is broken')
  expect(code).toBe(outerBroken ? 8 : 0)
}

describe('the doctor', () => {
  it('OPS-3, OPS-4: finds nothing at fault on a platform as it was set up', () => expectGreen())

  // Each is mended before the next, which must then find its own fault alone.
  const all = [...weakenFiles, ...weakenNetwork, ...weakenProxy, ...weakenSites] satisfies Weakening[]
  it.each(all)('OPS-4: turns red: $name', async ({ ids, weaken }) => {
    const mend = await weaken(platform)
    try {
      const trouble = (await findTrouble(platform)).filter(({ id }) => !OUTER_MACHINE.includes(id))
      expect(trouble.map(({ id, level }) => `${id} ${level}`)).toEqual(ids.map((id) => `${id} broken`))
    } finally {
      await mend()
    }
  })

  it('OPS-4: is green again when all is mended, and its exit code says the same', () => expectGreen())
})
