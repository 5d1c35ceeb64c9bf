import { expect, it } from 'vitest'
import { readV1Disk } from './cgroups-v1.js'
import { readV2Disk } from './cgroups-v2.js'
import { parseLinkCounters } from './link-counters.js'

const NET = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  984040    4030    0    0    0     0          0         0   984041    4030    0    0    0     0       0          0
   rv5: 1 2 0 0 0 0 0 0 7 8 0 0 0 0 0 0
`

it('reads what went by each link', () => {
  expect([...parseLinkCounters(NET)]).toEqual([
    ['lo', { receivedBytes: 984_040, sentBytes: 984_041 }],
    ['rv5', { receivedBytes: 1, sentBytes: 7 }],
  ])
})

it('counts what went to and from the site’s own disk, and not once more below it', () => {
  const v1 = '7:3 Read 100\n7:3 Write 40\n7:3 Total 140\n254:0 Read 100\n254:0 Write 40\nTotal 280\n'
  expect(readV1Disk(v1)).toEqual({ readBytes: 100, writtenBytes: 40 })
  const v2 =
    '254:0 rbytes=5 wbytes=6 rios=1 wios=1 dbytes=0 dios=0\n7:3 rbytes=100 wbytes=40 rios=1 wios=1 dbytes=0 dios=0\n'
  expect(readV2Disk(v2)).toEqual({ readBytes: 100, writtenBytes: 40 })
  expect([readV1Disk('Total 0\n'), readV2Disk('')]).toEqual([{}, {}])
})
