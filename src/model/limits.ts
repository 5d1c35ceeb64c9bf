import * as z from 'zod'

const MIB = 1024 ** 2

/** What a site may use. CPU in thousandths of a core (500 = half a core); memory, disk in bytes; `pids` counts processes and threads. */
export const Limits = z
  .object({
    cpuMilli: z.int().min(50, 'at least 0.05 of a core').max(64_000, 'at most 64 cores'),
    memoryBytes: z
      .int()
      .min(32 * MIB, 'at least 32M')
      .max(64 * 1024 * MIB, 'at most 64G'),
    diskBytes: z
      .int()
      .min(64 * MIB, 'at least 64M')
      .max(1024 * 1024 * MIB, 'at most 1T'),
    pids: z.int().min(32).max(4096),
  })
  .strict()
  .meta({ id: 'Limits' })
export type Limits = z.infer<typeof Limits>

export const DEFAULT_LIMITS: Limits = { cpuMilli: 1000, memoryBytes: 256 * MIB, diskBytes: 1024 * MIB, pids: 256 }

/** Totals that one person's sites may reach together. */
export const Quota = z
  .object({
    sites: z.int().min(0).max(10_000),
    cpuMilli: z.int().min(0).max(1_000_000),
    memoryBytes: z.int().min(0),
    diskBytes: z.int().min(0),
  })
  .strict()
  .meta({ id: 'Quota' })
export type Quota = z.infer<typeof Quota>

/** Quota of a person whom the directory's group lets create sites and about whom nothing else was decided. */
export const DEFAULT_QUOTA: Quota = { sites: 3, cpuMilli: 3000, memoryBytes: 1024 * MIB, diskBytes: 5 * 1024 * MIB }
