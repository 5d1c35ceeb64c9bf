import { describe, expect, it } from 'vitest'
import {
  planEnterArgs,
  planReadyArgs,
  planRescueArgs,
  planSignalArgs,
  planStartArgs,
  renderSettings,
} from './launch-plan.js'
import { parseReady } from './start-container.js'

const root = {
  cgroupProcs: ['/cg/memory/procs', '/cg/pids/procs'],
  templateTree: '/templates/t/tree',
  image: '/sites/shop/image',
  uidBase: 1_879_113_728,
  data: [
    { folder: 'home', at: '/home/site' },
    { folder: 'log', at: '/var/log' },
  ],
}
const inside = { uid: 1000, gid: 1000, argv: ['/bin/echo', '--uid', '0'] }
const mark = { pid: 77, startTime: 123_456 }
const groups = ['--cgroup', '/cg/memory/procs', '--cgroup', '/cg/pids/procs']
const tree = [
  ...['--template', '/templates/t/tree', '--image', '/sites/shop/image', '--base', '1879113728'],
  ...['--data', 'home:/home/site', '--data', 'log:/var/log'],
]

describe("the launcher's arguments", () => {
  it('start', () => {
    const plan = { ...root, hostname: 'shop', argv: ['/sbin/init'], settings: {}, console: 5 }
    expect(planStartArgs(plan)).toEqual(['start', ...groups, '--hostname', 'shop', ...tree, '--', '/sbin/init'])
  })

  it('enter keeps what belongs to the program behind the dashes', () => {
    const plan = { ...inside, ...mark, cgroupProcs: root.cgroupProcs, cwd: '/home/site' }
    expect(planEnterArgs(plan)).toEqual([
      ...['enter', '--pid', '77', '--start', '123456', '--uid', '1000', '--gid', '1000'],
      ...['--cwd', '/home/site', ...groups, '--', '/bin/echo', '--uid', '0'],
    ])
  })

  it('rescue, ready, signal', () => {
    expect(planRescueArgs({ ...root, ...inside })).toEqual([
      ...['rescue', ...groups, ...tree, '--uid', '1000', '--gid', '1000', '--', '/bin/echo', '--uid', '0'],
    ])
    expect(planReadyArgs({ ...mark, cgroupProcs: [], probes: ['tcp:80', 'unix:/run/x'], timeoutMs: 900 })).toEqual([
      ...['ready', '--pid', '77', '--start', '123456', '--timeout-ms', '900', 'tcp:80', 'unix:/run/x'],
    ])
    expect(planSignalArgs(mark, 15)).toEqual(['signal', '--pid', '77', '--start', '123456', '15'])
  })

  it('settings are records with lengths in bytes, so that no content can pretend to be another record', () => {
    const records = renderSettings({ site_name: 'été', bytes: Uint8Array.of(0, 255), empty: '' })
    expect(records).toEqual(
      Buffer.concat([
        Buffer.from('site_name\x005\0été', 'utf8'),
        Buffer.from('bytes\x002\0\x00\xff', 'latin1'),
        Buffer.from('empty\x000\0'),
      ]),
    )
  })

  it('its word that all is ready', () => {
    expect(parseReady('ready 77 123456')).toEqual(mark)
    for (const line of ['', 'ready', 'ready 77', 'ready 77 12 13', 'launch: mount: no'])
      expect(parseReady(line)).toBeUndefined()
  })
})
