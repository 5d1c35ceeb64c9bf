import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

export interface Sysctl {
  name: string
  wanted: string
  compare: 'at least' | 'equal'
}

export interface SysctlState extends Sysctl {
  /** What the kernel says now; undefined when it does not know the name. */
  found: string | undefined
  ok: boolean
}

const atLeast = (name: string, wanted: number): Sysctl => ({ name, wanted: String(wanted), compare: 'at least' })
const equal = (name: string, wanted: string): Sysctl => ({ name, wanted, compare: 'equal' })

/**
 * What the whole host should have (kernel: admin-guide/sysctl). `at least`: tables that all containers share, large enough for all of them.
 * `equal`: hardening that is the administrator's to decide on a machine that is not only ours.
 */
export const SYSCTLS: readonly Sysctl[] = [
  atLeast('fs.inotify.max_user_instances', 65_536),
  atLeast('fs.inotify.max_user_watches', 8_388_608),
  atLeast('fs.aio-max-nr', 1_048_576),
  atLeast('kernel.pid_max', 4_194_304),
  atLeast('kernel.pty.max', 16_384),
  atLeast('net.netfilter.nf_conntrack_max', 524_288),
  equal('net.netfilter.nf_conntrack_tcp_timeout_established', '7200'),
  equal('kernel.unprivileged_userns_clone', '0'),
  atLeast('kernel.unprivileged_bpf_disabled', 1),
  atLeast('kernel.kptr_restrict', 2),
  atLeast('kernel.yama.ptrace_scope', 2),
  equal('kernel.dmesg_restrict', '1'),
  equal('kernel.core_pattern', '|/bin/false'),
  equal('fs.suid_dumpable', '0'),
  equal('kernel.kexec_load_disabled', '1'),
]

const RAISED = new Set([
  'fs.inotify.max_user_instances',
  'fs.inotify.max_user_watches',
  'fs.aio-max-nr',
  'kernel.pid_max',
  'kernel.pty.max',
  'net.netfilter.nf_conntrack_max',
])

// As sysctl(8): a name with slashes may hold dots in its parts (an interface's name can).
const pathOf = (name: string): string => `/proc/sys/${name.includes('/') ? name : name.replaceAll('.', '/')}`

/** Every row of the table with what the kernel says now. A name that this kernel does not have is not at fault. */
export function checkSysctls(): SysctlState[] {
  return SYSCTLS.map((sysctl) => {
    const found = findSysctl(sysctl.name)
    return { ...sysctl, found, ok: found === undefined || isMet(sysctl, found) }
  })
}

/**
 * Raises the tables that are too small, never lowers one, leaves hardening alone; answers what it changed. What cannot be changed from here
 * (a network namespace that may not, a read-only /proc) stays for `checkSysctls` to report.
 */
export function applySysctls(): SysctlState[] {
  const short = checkSysctls().filter((state) => !state.ok && RAISED.has(state.name))
  return short.filter(({ name, wanted }) => setSysctl(name, wanted))
}

/** Whether a value found satisfies its row. */
export function isMet(sysctl: Sysctl, found: string): boolean {
  return sysctl.compare === 'equal' ? found === sysctl.wanted : Number(found) >= Number(sysctl.wanted)
}

/** A value of /proc/sys in the current network namespace (proc(5)), or undefined when there is none. */
export function findSysctl(name: string): string | undefined {
  try {
    return readFileSync(pathOf(name), 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Writes a value of /proc/sys; false when the kernel refused or does not know it. */
export function setSysctl(name: string, value: string): boolean {
  try {
    writeFileSync(pathOf(name), value)
    return true
  } catch {
    return false
  }
}

/** Names below a folder of /proc/sys, such as the interfaces of `net/ipv6/conf`; none when it is not there. */
export function listSysctls(folder: string): string[] {
  try {
    return readdirSync(pathOf(folder))
  } catch {
    return []
  }
}
