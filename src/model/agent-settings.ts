import * as z from 'zod'

/** What the agent is told at its start (`run/agent.json`, written by `ruche up` from the configuration). Absolute paths; root only. */
export const AgentSettings = z
  .object({
    /** Folder of images, specs, audit log: `lib/agent`. */
    stateFolder: z.string(),
    runFolder: z.string(),
    logFolder: z.string(),
    templatesFolder: z.string(),
    /** Lines of sources.list(5) that templates are made from, instead of those of the host. */
    templateSources: z.array(z.string()).optional(),
    recipesFolder: z.string(),
    /** The compiled launcher. */
    launcher: z.string(),
    /** Name of our group of cgroups, one per platform on a machine: `ruche` or `ruche-<8 hex>`. */
    cgroup: z.string().regex(/^ruche(-[0-9a-f]{8})?$/),
    /** Group that may open the agent's socket. */
    serverGroup: z.string(),
    network: z.object({
      bridge: z.string().regex(/^[a-z][a-z0-9]{1,12}$/),
      ipv4: z.string(),
      ipv6: z.string(),
      /** Interface with the public addresses; null: no way out. */
      uplink: z.string().nullable(),
      /** Whether the sites' SFTP ports answer on the uplink; absent: yes. A demonstration answers its own machine only. */
      servesUplink: z.boolean().optional(),
      publicIpv4: z.array(z.string()),
      publicIpv6: z.array(z.string()),
      /** Ports of the front proxy on the public addresses. */
      httpPort: z.int(),
      httpsPort: z.int(),
      /** Connections to those ports that one source outside may hold at once. */
      connectionsPerSource: z.int().min(1).default(2000),
      /** Where sites' DNS questions are sent (the sites ask the bridge's address). */
      resolvers: z.array(z.string()),
    }),
    /** How the front proxy is run. */
    proxy: z.object({ user: z.string(), folder: z.string(), program: z.string() }),
    /** Share of the disk that is never promised to sites. */
    diskReserveBytes: z.int(),
  })
  .strict()
export type AgentSettings = z.infer<typeof AgentSettings>
