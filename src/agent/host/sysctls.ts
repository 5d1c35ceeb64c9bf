import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

export interface Sysctl {
  name: string
  wanted: string
  /** `no program`: a pattern that starts none. */
  compare: 'at least' | 'equal' | 'no program'
  /**
   * `table`: all containers share it, so it must be large enough for all of them; Ruche raises it by itself. `hardening`: a promise rests on it. `advice`: it
   * makes an attack harder. The latter two are the administrator's to decide on a machine that is not only ours (packaging/sysctl).
   */
  kind: 'table' | 'hardening' | 'advice'
}

export interface SysctlState extends Sysctl {
  /** What the kernel says now; undefined when it does not know the name. */
  found: string | undefined
  ok: boolean
}

const table = (name: string, wanted: number): Sysctl => ({
  ...{ name, wanted: String(wanted), compare: 'at least', kind: 'table' },
})
const atLeast = (kind: Sysctl['kind'], name: string, wanted: number): Sysctl => ({
  ...{ name, wanted: String(wanted), compare: 'at least', kind },
})
const equal = (kind: Sysctl['kind'], name: string, wanted: string): Sysctl => ({ name, wanted, compare: 'equal', kind })

/** What the whole host should have (kernel: admin-guide/sysctl). */
export const SYSCTLS: readonly Sysctl[] = [
  table('fs.inotify.max_user_instances', 65_536),
  table('fs.inotify.max_user_watches', 8_388_608),
  table('fs.aio-max-nr', 1_048_576),
  table('kernel.pid_max', 4_194_304),
  table('kernel.pty.max', 16_384),
  table('net.netfilter.nf_conntrack_max', 524_288),
  equal('hardening', 'kernel.unprivileged_userns_clone', '0'),
  atLeast('hardening', 'kernel.unprivileged_bpf_disabled', 1),
  // A program there is run by root, outside, for whatever crashes inside a site: the limit on core files does not count for it (core(5)).
  { name: 'kernel.core_pattern', wanted: '|/bin/false', compare: 'no program', kind: 'hardening' },
  equal('hardening', 'fs.suid_dumpable', '0'),
  atLeast('advice', 'kernel.kptr_restrict', 2),
  atLeast('advice', 'kernel.yama.ptrace_scope', 2),
  equal('advice', 'kernel.dmesg_restrict', '1'),
  equal('advice', 'kernel.kexec_load_disabled', '1'),
  equal('advice', 'net.netfilter.nf_conntrack_tcp_timeout_established', '7200'),
]

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
  const short = checkSysctls().filter((state) => !state.ok && state.kind === 'table')
  return short.filter(({ name, wanted }) => setSysctl(name, wanted))
}

/** Whether a value found satisfies its row. */
export function isMet({ wanted, compare }: Sysctl, found: string): boolean {
  if (compare === 'no program') return found === wanted || !found.startsWith('|')
  return compare === 'equal' ? found === wanted : Number(found) >= Number(wanted)
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
