import { expect, test } from 'vitest'
import { countInTable } from './process-sockets.js'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0501010A:0050 0101010A:9C4E 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 0501010A:0016 0101010A:9C50 01 00000000:00000000 00:00000000 00000000     0        0 3 1
   3: 0501010A:0050 0101010A:9C52 06 00000000:00000000 03:00000000 00000000     0        0 0 3
   4: 0501010A:C350 08080808:0050 01 00000000:00000000 00:00000000 00000000     0        0 4 1
`

test('only what is open at one of the ports counts, not what listens, has ended or goes out', () => {
  expect(countInTable(TABLE, [80, 22])).toBe(2)
  expect(countInTable(TABLE, [22])).toBe(1)
  expect(countInTable(TABLE, [443])).toBe(0)
})
