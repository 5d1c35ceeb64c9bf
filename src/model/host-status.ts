import * as z from 'zod'

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
    load: z.tuple([z.number(), z.number(), z.number()]),
    containers: z.number(),
    running: z.number(),
  })
  .meta({ id: 'HostStatus' })
export type HostStatus = z.infer<typeof HostStatus>
