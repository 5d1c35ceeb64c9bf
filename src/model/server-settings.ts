import * as z from 'zod'
import { Configuration } from './configuration.js'

/** What the server is told at its start (`run/server.json`, written by `ruche up` from the configuration). Absolute paths. */
export const ServerSettings = z
  .object({
    configuration: Configuration,
    libFolder: z.string(),
    runFolder: z.string(),
    logFolder: z.string(),
    /** The built pages. */
    webFolder: z.string(),
    /** Addresses on which the front proxy listens; with the ports of `configuration.host`. */
    listen: z.array(z.string()),
    /** Group of the front proxy, which may read its configuration and the certificates. */
    proxyGroup: z.string(),
    nginx: z.string(),
    /** Under which people outside reach the machine. */
    publicAddresses: z.array(z.string()),
    /** Server, zone and key for the names of sites, and the addresses they get; absent: DNS is somebody else's. */
    dns: z
      .object({
        server: z.string(),
        port: z.int(),
        zone: z.string(),
        /** TSIG key, as nsupdate(1) reads it with -k. */
        keyFile: z.string(),
        ttlSeconds: z.int(),
        ipv4: z.array(z.string()),
        ipv6: z.array(z.string()),
      })
      .optional(),
    /** Shown on the sign-in page of a demonstration; never in production. */
    sampleAccounts: z.array(z.object({ login: z.string(), password: z.string(), role: z.string() })),
  })
  .strict()
export type ServerSettings = z.infer<typeof ServerSettings>
