import { expect, it } from 'vitest'
import { fakeHostStatus } from '../../../../tests/helpers/fake-status.js'
import { aSite } from '../../test-data.js'
import { planRoom } from './plan-room.js'

const GIB = 1024 ** 3
const host = { ...fakeHostStatus([]), diskUnpromisedBytes: 3.5 * GIB, memoryAvailableBytes: 6 * GIB }
const using = (memoryBytes: number) => aSite({ usage: { cpuNs: 0, memoryBytes, oomKills: 0, pids: 1 } })

it('says how many sites still fit, by what those use that run', () => {
  const sites = [using(GIB), using(3 * GIB), aSite({ state: 'stopped' })]
  expect(planRoom(host, sites, 5)).toEqual({ diskBytes: 3.5 * GIB, byDisk: 3, byMemory: 3, places: 2 })
})

it('takes unknown for unknown, and too much promised for no room', () => {
  const over = { ...host, diskUnpromisedBytes: -GIB }
  expect(planRoom(over, [], 0)).toEqual({ diskBytes: 0, byDisk: 0, byMemory: undefined, places: 0 })
  expect(Object.values(planRoom(undefined, [], 5))).toEqual([undefined, undefined, undefined, undefined])
})
