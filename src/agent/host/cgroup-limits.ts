import type { CgroupWrite, WrongLimit } from './cgroup-driver.js'
import { findValue } from './cgroup-files.js'

// The kernel keeps bytes in whole pages, of at most 64 KiB.
const PAGE_BYTES = 65_536

/** Reads a group's limits back. A file that is optional and not there is not at fault. */
export function findWrongLimits(folder: string, writes: readonly CgroupWrite[]): WrongLimit[] {
  return writes.flatMap(({ file, value, optional }) => {
    const found = findValue(folder, file)?.trim()
    if (found === undefined) return optional ? [] : [{ file, found: '–', wanted: value }]
    return isSame(found, value) ? [] : [{ file, found, wanted: value }]
  })
}

/** Pure. */
export function isSame(found: string, wanted: string): boolean {
  if (found === wanted) return true
  const [a, b] = [Number(found), Number(wanted)]
  return Number.isFinite(a) && Number.isFinite(b) && b >= PAGE_BYTES && Math.abs(a - b) < PAGE_BYTES
}
