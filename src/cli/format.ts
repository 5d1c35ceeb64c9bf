import type { Limits } from '../model/limits.js'
import { formatSize } from '../model/sizes.js'

/** `3 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  if (durationMs < 100_000) return `${(durationMs / 1000).toFixed(1)} s`
  return `${Math.floor(durationMs / 60_000)} min ${Math.round((durationMs % 60_000) / 1000)} s`
}

/** An ISO time in the machine's own zone, to the minute. */
export function formatTime(iso: string | undefined): string | undefined {
  if (iso === undefined) return undefined
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** How long ago an ISO time was, in its largest unit: `3 d`. */
export function formatAge(iso: string, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60_000))
  if (minutes < 60) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`
}

export const formatCpu = (cpuMilli: number) => `${cpuMilli / 1000}`

/** A level beside its limit; unknown is a dash, never 0. */
export function formatUse(usedBytes: number | undefined, limitBytes: number): string {
  return `${usedBytes === undefined ? '–' : formatSize(usedBytes)} / ${formatSize(limitBytes)}`
}

export function formatLimits(limits: Limits): string {
  const { cpuMilli, memoryBytes, diskBytes, pids } = limits
  return `${formatCpu(cpuMilli)} CPU, ${formatSize(memoryBytes)} memory, ${formatSize(diskBytes)} disk, ${pids} processes`
}
