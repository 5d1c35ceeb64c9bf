import { readFileSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { type Check, judge, type Sign, sign, unknownCheck } from '../../model/doctor.js'
import type { CheckId } from '../../model/doctor-checks.js'
import { checkSysctls, findSysctl, type SysctlState } from '../host/sysctls.js'

const INSTALL_SYSCTLS = 'install -m 644 packaging/sysctl/60-ruche.conf /etc/sysctl.d/ && sysctl --system'

/** What the kernel can do. What a container needs of it is proved by the probe; this says what is missing when that fails. */
export async function examineFeatures(): Promise<Check[]> {
  return [judge('machine.features', findFeatureSigns(lookForFeatures()))]
}

export interface Features {
  /** `6.1.0-18-amd64` */
  release: string
  filesystems: string
  seccompActions: string
  userNamespaces: string | undefined
}

function lookForFeatures(): Features {
  return {
    release: release(),
    filesystems: read('/proc/filesystems'),
    seccompActions: findSysctl('kernel.seccomp.actions_avail') ?? '',
    userNamespaces: findSysctl('user.max_user_namespaces'),
  }
}

/** The first kernel with id-mapped mounts of ext4; pidfd and openat2 are older. */
const NEEDED_RELEASE = [5, 12] as const

/** Pure. */
export function findFeatureSigns({ release, filesystems, seccompActions, userNamespaces }: Features): Sign[] {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10))
  const isOld = major < NEEDED_RELEASE[0] || (major === NEEDED_RELEASE[0] && minor < NEEDED_RELEASE[1])
  const has = (type: string) => filesystems.split('\n').some((line) => line.endsWith(`\t${type}`))
  const lacksActions = ['errno', 'kill_process'].filter((action) => !seccompActions.split(' ').includes(action))
  return [
    ...(isOld ? [sign('Linux', release, NEEDED_RELEASE.join('.'))] : []),
    ...['overlay', 'ext4', 'proc', 'sysfs', 'tmpfs'].filter((type) => !has(type)).map((type) => sign(type, '–')),
    ...lacksActions.map((action) => sign(`seccomp ${action}`, '–')),
    ...(Number(userNamespaces ?? 0) > 0 ? [] : [sign('user.max_user_namespaces', userNamespaces ?? '–', '> 0')]),
  ]
}

/** Settings of the kernel for the whole machine. */
export async function examineSysctls(): Promise<Check[]> {
  return judgeSysctls(checkSysctls())
}

/** Pure. A name that this kernel does not have cannot be looked at; for a table it means that there is none to fill. */
export function judgeSysctls(states: readonly SysctlState[]): Check[] {
  const judged = (id: CheckId, kind: SysctlState['kind'], level: 'broken' | 'warning'): Check => {
    const rows = states.filter((state) => state.kind === kind)
    const signs = rows
      .filter(({ ok }) => !ok)
      .map(({ name, found, wanted, compare }) =>
        sign(name, found ?? '–', compare === 'at least' ? `≥ ${wanted}` : wanted),
      )
    const absent = rows.filter(({ found }) => found === undefined).map(({ name }) => name)
    if (signs.length > 0 || absent.length === 0 || kind === 'table') return judge(id, signs, level, INSTALL_SYSCTLS)
    return unknownCheck(id, `this kernel has no ${absent.join(', ')}`)
  }
  return [
    judged('machine.tables', 'table', 'broken'),
    judged('machine.hardening', 'hardening', 'broken'),
    judged('machine.advice', 'advice', 'warning'),
  ]
}

/** Something keeps the clock right, and it did not go back since we last wrote. */
export async function examineClock(stateFolder: string): Promise<Check[]> {
  return [
    judgeClock({ nowMs: Date.now(), writtenMs: modifiedMs(join(stateFolder, 'audit.log')), isKept: isClockKept() }),
  ]
}

const SLACK_MS = 60_000

/** Pure. */
export function judgeClock(clock: { nowMs: number; writtenMs: number | undefined; isKept: boolean }): Check {
  const { nowMs, writtenMs = 0, isKept } = clock
  const iso = (ms: number) => new Date(ms).toISOString()
  if (writtenMs > nowMs + SLACK_MS) return judge('machine.clock', [sign('clock', iso(nowMs), `≥ ${iso(writtenMs)}`)])
  return isKept
    ? judge('machine.clock', [])
    : unknownCheck('machine.clock', 'no time service says that the clock is right')
}

// systemd-timesyncd once it has set the clock, chrony, ntpd.
function isClockKept(): boolean {
  const marks = [
    '/run/systemd/timesync/synchronized',
    '/run/chrony/chronyd.pid',
    '/run/ntpd.pid',
    '/run/ntpsec/ntpd.pid',
  ]
  return marks.some((path) => modifiedMs(path) !== undefined)
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
