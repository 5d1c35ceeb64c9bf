import { existsSync } from 'node:fs'
import { type Sign, sign } from '../../model/doctor.js'
import type { MountFacts } from '../host/process-facts.js'

/** Read-only in every container (launcher: kernel-files.c). */
const READ_ONLY = ['/sys', '/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']
/** Covered in every container. */
const COVERED = [
  ...[
    '/proc/kcore',
    '/proc/keys',
    '/proc/key-users',
    '/proc/kmsg',
    '/proc/kallsyms',
    '/proc/config.gz',
    '/proc/modules',
  ],
  ...['/proc/cmdline', '/proc/timer_list', '/proc/interrupts', '/proc/softirqs', '/proc/vmallocinfo', '/proc/slabinfo'],
  ...[
    '/proc/partitions',
    '/proc/diskstats',
    '/proc/swaps',
    '/proc/sched_debug',
    '/proc/latency_stats',
    '/proc/allocinfo',
  ],
  ...['/proc/acpi', '/proc/asound', '/proc/scsi', '/proc/pressure', '/sys/firmware', '/sys/kernel', '/sys/fs'],
  ...['/sys/block', '/sys/module', '/sys/power', '/sys/dev/block', '/sys/devices/virtual/block'],
]

/** What of the kernel's files is open in the mounts of container `id`. `isThere`: whether this kernel has the file. */
export function findMountSigns(
  id: string,
  mounts: readonly MountFacts[],
  isThere: (path: string) => boolean = existsSync,
): Sign[] {
  // The last mount over a place is the one that is seen.
  const top = new Map(mounts.map((mount) => [mount.at, mount]))
  const lacks = (mount: MountFacts, option: string) => !mount.options.includes(option)
  const mayHaveDevices = (mount: MountFacts) => mount.at === '/dev' || mount.at.startsWith('/dev/') || isDevice(mount)
  return [
    ...[...top.values()]
      .filter((mount) => lacks(mount, 'nosuid'))
      .map(({ at }) => sign(`${id}: ${at}`, 'suid', 'nosuid')),
    ...[...top.values()]
      .filter((mount) => lacks(mount, 'nodev') && !mayHaveDevices(mount))
      .map(({ at }) => sign(`${id}: ${at}`, 'dev', 'nodev')),
    ...READ_ONLY.filter(isThere)
      .map((at) => ({ at, mount: top.get(at) }))
      .filter(({ mount }) => mount === undefined || lacks(mount, 'ro'))
      .map(({ at }) => sign(`${id}: ${at}`, 'rw', 'ro')),
    ...COVERED.filter((at) => isThere(at) && !top.has(at)).map((at) => sign(`${id}: ${at}`, '–', 'covered')),
  ]
}

/** `/dev/null` laid over a file. */
const isDevice = ({ at, type }: MountFacts): boolean => type === 'tmpfs' && at.startsWith('/proc/')
