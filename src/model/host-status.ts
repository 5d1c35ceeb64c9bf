import * as z from 'zod'

/** Share of the last 10, 60 and 300 s in which something waited for it, 0 to 1 (`some` in the kernel's Documentation/accounting/psi.rst). */
const Pressure = z.object({ last10s: z.number(), last60s: z.number(), last300s: z.number() })
export type Pressure = z.infer<typeof Pressure>

/** The machine as the engine sees it. Absent = unknown. */
export const HostStatus = z
  .object({
    version: z.string(),
    startedAt: z.string(),
    cgroups: z.enum(['v1', 'v2']),
    cpus: z.number(),
    memoryTotalBytes: z.number(),
    memoryAvailableBytes: z.number(),
    diskTotalBytes: z.number(),
    diskAvailableBytes: z.number(),
    /** Sum of the image sizes promised to sites. */
    diskPromisedBytes: z.number(),
    /** What can still be promised. */
    diskUnpromisedBytes: z.number(),
    /** Absent: this kernel does not say. */
    pressure: z.object({ cpu: Pressure, memory: Pressure, io: Pressure }).optional(),
    load: z.tuple([z.number(), z.number(), z.number()]),
    containers: z.number(),
    running: z.number(),
  })
  .meta({ id: 'HostStatus' })
export type HostStatus = z.infer<typeof HostStatus>
