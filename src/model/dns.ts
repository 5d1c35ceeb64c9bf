import * as z from 'zod'

/** Where a platform name stands in DNS: told and confirmed by the server, still to be told, or refused at the last try. */
export const DnsState = z
  .object({
    state: z.enum(['announced', 'pending', 'failed']),
    /** What the DNS server said last: `NOERROR`, another code of RFC 2136 §2.2, or why there was no answer. */
    answer: z.string().optional(),
    updatedAt: z.string().optional(),
    nextTryAt: z.string().optional(),
  })
  .meta({ id: 'DnsState' })
export type DnsState = z.infer<typeof DnsState>

/** How the names of the platform get into DNS: `off` somebody else sees to it, `embedded` by our own server, `server` by updates to another (RFC 2136). */
export const DNS_MODES = ['off', 'embedded', 'server'] as const

/** The names as a whole, for administrators. */
export const DnsStatus = z
  .object({
    mode: z.enum(DNS_MODES),
    ok: z.boolean(),
    /** In words, when something is wrong. */
    message: z.string().optional(),
  })
  .meta({ id: 'DnsStatus' })
export type DnsStatus = z.infer<typeof DnsStatus>

/** Under which addresses people outside reach the machine. */
export const PublicAddressStatus = z
  .object({
    addresses: z.array(z.string()),
    /** They are asked for again and again; else they are as at the start. */
    followed: z.boolean(),
    /** In words, when nobody could say them at the last look. */
    message: z.string().optional(),
    /** Absent: no dyndns server is told. `refused`: it is not asked again before its settings change. */
    dyndns: z
      .object({
        state: z.enum(['pending', 'told', 'failed', 'refused']),
        /** The word of the protocol. */
        answer: z.string().optional(),
        at: z.string().optional(),
        nextTryAt: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'PublicAddressStatus' })
export type PublicAddressStatus = z.infer<typeof PublicAddressStatus>
