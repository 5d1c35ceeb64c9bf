import type { ProcessMark } from './processes.js'

/** What both a start and a rescue need to build a container's file system. */
export interface RootPlan {
  /** Files from `Cgroups.procsFiles`. */
  cgroupProcs: readonly string[]
  templateTree: string
  image: string
  uidBase: number
  /** Folders of the image and where they appear (absolute, there in the template). */
  data: readonly { folder: string; at: string }[]
}

export interface StartPlan extends RootPlan {
  hostname: string
  /** PID 1 and its arguments. */
  argv: readonly string[]
  /** Laid as /run/ruche/settings/<name>, root 0600. Names `[a-z][a-z0-9_]*`, 1 MiB in all. */
  settings: Readonly<Record<string, string | Uint8Array>>
  /** Open descriptor that PID 1 gets as its output; it stays the caller's. Never a file of the host: a site could fill the disk through it. */
  console: number
}

/** A program to be run inside, confined like everything else there. */
export interface InsidePlan {
  uid: number
  gid: number
  cwd?: string
  argv: readonly string[]
}

export interface EnterPlan extends InsidePlan, ProcessMark {
  cgroupProcs: readonly string[]
  /** The program gets a terminal of the container's own, which belongs to this user there. */
  terminalOwner?: number
}

export type RescuePlan = RootPlan & InsidePlan

/** A request to a port of a container, on 127.0.0.1 inside. */
export interface RelayPlan extends ProcessMark {
  cgroupProcs: readonly string[]
  port: number
  request: string
  timeoutMs: number
}

/** An image to be copied as it is at one point in time; a running container (`mark`) is held still for that, at most `frozenMs`. */
export interface SnapshotPlan {
  image: string
  to: string
  mark?: ProcessMark
  frozenMs: number
}

/** What must answer before a container is ready: `tcp:PORT` on 127.0.0.1, `unix:/path`, or PostgreSQL by `postmaster:/path`. */
export interface ReadyPlan extends ProcessMark {
  cgroupProcs: readonly string[]
  probes: readonly string[]
  timeoutMs: number
}

const cgroupArgs = (files: readonly string[]): string[] => files.flatMap((file) => ['--cgroup', file])
const markArgs = (mark: ProcessMark): string[] => ['--pid', String(mark.pid), '--start', String(mark.startTime)]
const dataArgs = (plan: RootPlan): string[] => plan.data.flatMap(({ folder, at }) => ['--data', `${folder}:${at}`])
const rootArgs = (plan: RootPlan): string[] => [
  ...['--template', plan.templateTree, '--image', plan.image, '--base', String(plan.uidBase)],
  ...dataArgs(plan),
]
const insideArgs = (plan: InsidePlan): string[] => [
  ...['--uid', String(plan.uid), '--gid', String(plan.gid)],
  ...(plan.cwd === undefined ? [] : ['--cwd', plan.cwd]),
]

export function planStartArgs(plan: StartPlan): string[] {
  return ['start', ...cgroupArgs(plan.cgroupProcs), '--hostname', plan.hostname, ...rootArgs(plan), '--', ...plan.argv]
}

export function planEnterArgs(plan: EnterPlan): string[] {
  const terminal = plan.terminalOwner === undefined ? [] : ['--terminal', String(plan.terminalOwner)]
  const args = [...markArgs(plan), ...insideArgs(plan), ...cgroupArgs(plan.cgroupProcs), ...terminal]
  return ['enter', ...args, '--', ...plan.argv]
}

export function planRescueArgs(plan: RescuePlan): string[] {
  return ['rescue', ...cgroupArgs(plan.cgroupProcs), ...rootArgs(plan), ...insideArgs(plan), '--', ...plan.argv]
}

/** A rescue in which the launcher tries itself what a site may not do. */
export function planProveArgs(plan: RootPlan): string[] {
  return ['prove', ...cgroupArgs(plan.cgroupProcs), ...rootArgs(plan)]
}

export function planReadyArgs(plan: ReadyPlan): string[] {
  return [
    'ready',
    ...markArgs(plan),
    ...cgroupArgs(plan.cgroupProcs),
    '--timeout-ms',
    String(plan.timeoutMs),
    ...plan.probes,
  ]
}

export function planSignalArgs(mark: ProcessMark, signalNumber: number): string[] {
  return ['signal', ...markArgs(mark), String(signalNumber)]
}

export function planRelayArgs(plan: Omit<RelayPlan, 'request'>): string[] {
  return [
    ...['relay', ...markArgs(plan), ...cgroupArgs(plan.cgroupProcs)],
    ...['--timeout-ms', String(plan.timeoutMs), String(plan.port)],
  ]
}

export function planSnapshotArgs({ image, to, mark, frozenMs }: SnapshotPlan): string[] {
  return [
    ...['snapshot', ...(mark ? markArgs(mark) : [])],
    ...['--image', image, '--to', to, '--timeout-ms', String(frozenMs)],
  ]
}

export function planThawArgs(mark: ProcessMark): string[] {
  return ['thaw', ...markArgs(mark)]
}

/** The records that `launch start` reads from fd 0: name NUL decimal-length NUL bytes. */
export function renderSettings(settings: StartPlan['settings']): Buffer {
  return Buffer.concat(
    Object.entries(settings).flatMap(([name, value]) => {
      const bytes = Buffer.from(value)
      return [Buffer.from(`${name}\0${bytes.length}\0`), bytes]
    }),
  )
}
