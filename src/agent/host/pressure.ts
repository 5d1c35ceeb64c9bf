import { readFileSync } from 'node:fs'
import type { HostStatus, Pressure } from '../../model/host-status.js'

/** What waits on this machine; undefined when the kernel was built or started without an account of it. */
export function readPressure(folder = '/proc/pressure'): HostStatus['pressure'] {
  try {
    const read = (name: string): Pressure => parsePressure(readFileSync(`${folder}/${name}`, 'latin1'))
    return { cpu: read('cpu'), memory: read('memory'), io: read('io') }
  } catch {
    return undefined
  }
}

/** Pure. Of `some avg10=9.07 avg60=28.43 avg300=51.24 total=…`, in per cent. */
function parsePressure(text: string): Pressure {
  const [, ten, sixty, long] = /^some avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+) /m.exec(text) ?? []
  if (long === undefined) throw new Error('not an account of pressure')
  return { last10s: Number(ten) / 100, last60s: Number(sixty) / 100, last300s: Number(long) / 100 }
}
