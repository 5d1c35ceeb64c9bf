import type { Limits, Quota } from '../../model/limits.js'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** Limits as they stand in a form: numbers as text, in the units of people. */
export interface LimitForm {
  cores: string
  memoryMb: string
  diskGb: string
}

/** The limits that a form can set. */
export type Room = Pick<Limits, 'cpuMilli' | 'memoryBytes' | 'diskBytes'>

const rounded = (value: number) => String(Number(value.toFixed(3)))
/** A comma is a decimal sign too. */
const number = (text: string) => Number(text.trim().replace(',', '.') || Number.NaN)

export function toLimitForm(limits: Room): LimitForm {
  return {
    cores: rounded(limits.cpuMilli / 1000),
    memoryMb: rounded(limits.memoryBytes / MIB),
    diskGb: rounded(limits.diskBytes / GIB),
  }
}

/** The limits that a form says; NaN where it says no number. */
export function toLimits(form: LimitForm): Room {
  return {
    cpuMilli: Math.round(number(form.cores) * 1000),
    memoryBytes: Math.round(number(form.memoryMb)) * MIB,
    diskBytes: Math.round(number(form.diskGb) * 1024) * MIB,
  }
}

/** What a quota leaves for a site that has `now` already (a new one: nothing). */
export function findRoom(quota: Quota, used: Quota, now?: Room): Room {
  const left = (name: keyof Room) => Math.max(0, quota[name] - used[name] + (now?.[name] ?? 0))
  return { cpuMilli: left('cpuMilli'), memoryBytes: left('memoryBytes'), diskBytes: left('diskBytes') }
}
