import type { ContainerUsage } from '../../model/container.js'
import type { Limits } from '../../model/limits.js'

/** One limit that is not as it was set. */
export interface WrongLimit {
  file: string
  found: string
  wanted: string
}

/** Our groups of processes: one per container, below one that carries the platform's name. Ids are checked at the agent's door. */
export interface Cgroups {
  readonly version: 'v1' | 'v2'
  /** Makes the container's group (or finds it) and sets its limits. */
  ensure(id: string, limits: Limits): Promise<void>
  /** The `cgroup.procs` files into which a process writes its pid (or `0`) to belong to the container: one per v1 hierarchy, one with v2. */
  procsFiles(id: string): string[]
  /** Acts at once. AppError `conflict` when the container holds more memory than the new limit and cannot give it back. */
  setLimits(id: string, limits: Limits): Promise<void>
  /** Bounds what the container asks of one disk (`major:minor`) at a time; on a kernel without such a control: no change. */
  setDiskRate(id: string, device: string, rate: DiskRate): Promise<void>
  /** What the kernel holds the container to that is not these limits; none when there is no group. */
  wrongLimits(id: string, limits: Limits): Promise<WrongLimit[]>
  /** Host pids in the group; none when there is no group. */
  processes(id: string): Promise<number[]>
  /** Kills every process of the group, also one that forks as fast as it can, and returns when none is left. AppError `timed_out` after 10 s. */
  kill(id: string): Promise<void>
  /** Removes the empty group. Absent already: no change. AppError `busy` while something lives in it. */
  remove(id: string): Promise<void>
  /** Counters and levels; memory without the file cache that can be given back at once. Everything absent when there is no group. */
  usage(id: string): Promise<ContainerUsage>
  /** Ids of all groups that are there, also half-made ones. */
  list(): Promise<string[]>
  /** Takes our own parent group away, for the platform's end. AppError `busy` while a container's group is there. */
  close(): Promise<void>
}

/** One value for one file of a group. `optional`: older kernels do not have it, and it is a comfort, not a limit. */
export interface CgroupWrite {
  file: string
  value: string
  optional?: boolean
}

/** Bytes and operations in a second. */
export interface DiskRate {
  readBytes: number
  writeBytes: number
  reads: number
  writes: number
}

/**
 * What one site may ask of its image, so that one that presses every byte to the disk leaves the disk to the others. About 200 commits of a
 * database in a second; seen: a neighbour's fsync(2) takes 7.6 ms beside such a site without it, 2.6 with it, 2.5 alone (medians).
 */
export const SITE_DISK_RATE: DiskRate = {
  readBytes: 128 * 1024 ** 2,
  writeBytes: 48 * 1024 ** 2,
  reads: 2000,
  writes: 400,
}

/** A site's disk is a loop device (kernel: admin-guide/devices). What goes to the disk below it is the same bytes once more. */
export const LOOP_MAJOR = 7

export const CPU_PERIOD_US = 100_000

/** CPU time per period: 1000 thousandths of a core are the whole period. */
export function cpuQuotaUs(limits: Limits): number {
  return Math.round((limits.cpuMilli * CPU_PERIOD_US) / 1000)
}
