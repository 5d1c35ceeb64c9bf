import * as z from 'zod'
import { Environment } from './environment.js'
import { Limits } from './limits.js'
import { ContainerId, Digest } from './names.js'
import { Stack } from './stack.js'

/** Place of a container in the private network: address n gives 10.1.1.n and <ipv6 prefix>::n. Unique per container. */
export const AddressNumber = z.int().min(2).max(254)

/** Everything the agent must know to bring a container back by itself: kept as one `spec.json` per container. */
export const ContainerSpec = z
  .object({
    id: ContainerId,
    stack: Stack,
    /** Template in use; the newest of the stack when absent at creation. */
    template: Digest.optional(),
    address: AddressNumber,
    /** Port of the host that leads to the container's port 22. */
    sftpPort: z.int().min(1024).max(65_535),
    limits: Limits,
    /** It gets no network: nothing reaches it and it reaches nothing. For copies that are thrown away. */
    sealed: z.boolean().optional(),
    settings: z
      .object({
        domains: z.array(z.string().regex(/^[a-z0-9.-]{1,253}$/)).max(100),
        /** crypt(3) SHA-512 hash (`$6$…`) of the SFTP password. */
        sftpPasswordHash: z.string().regex(/^\$6\$[./A-Za-z0-9$=]{20,200}$/),
        /** Lines of authorized_keys(5). */
        sftpKeys: z.array(z.string().regex(/^[\x20-\x7e]{20,2000}$/)).max(250),
        databasePassword: z.string().regex(/^[A-Za-z0-9]{16,64}$/),
        /** Variables for the site's code. */
        environment: Environment,
      })
      .strict(),
  })
  .strict()
export type ContainerSpec = z.infer<typeof ContainerSpec>

/** Observed, never stored. `asleep`: stopped, and brought up by the first who asks for it. `unknown`: the engine does not answer, which is not the same as stopped. */
export const PHASES = ['creating', 'stopped', 'starting', 'running', 'stopping', 'asleep', 'failed', 'unknown'] as const
export const Phase = z.enum(PHASES).meta({ id: 'Phase' })
export type Phase = z.infer<typeof Phase>

/** Counters since the container's start (they only grow) and levels now. Absent = unknown, never 0. */
export const ContainerUsage = z
  .object({
    cpuNs: z.number().optional(),
    throttledNs: z.number().optional(),
    memoryBytes: z.number().optional(),
    oomKills: z.number().optional(),
    pids: z.number().optional(),
    diskUsedBytes: z.number().optional(),
    /** From and to its disk. */
    readBytes: z.number().optional(),
    writtenBytes: z.number().optional(),
    /** By its network, whoever with. */
    receivedBytes: z.number().optional(),
    sentBytes: z.number().optional(),
  })
  .meta({ id: 'ContainerUsage' })
export type ContainerUsage = z.infer<typeof ContainerUsage>

/** What the engine sees of one container. */
export const ContainerStatus = z.object({
  id: ContainerId,
  phase: Phase,
  /** What the agent was last told: it brings a `running` one back after a crash or reboot. */
  wanted: z.enum(['running', 'stopped']),
  /** In words, when `failed`. */
  reason: z.string().optional(),
  template: Digest,
  ipv4: z.string(),
  ipv6: z.string(),
  sftpPort: z.number(),
  /** First host uid of the container's own range of 65,536. */
  uidBase: z.number(),
  limits: Limits,
  /** Host pid of the container's PID 1 while it lives. */
  pid: z.number().optional(),
  startedAt: z.string().optional(),
  /** How often it had to be brought back since it was last started by somebody. */
  restarts: z.number(),
  usage: ContainerUsage.optional(),
})
export type ContainerStatus = z.infer<typeof ContainerStatus>
