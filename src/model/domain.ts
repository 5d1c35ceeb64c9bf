import * as z from 'zod'
import { CertificateState } from './certificate.js'
import { DnsState } from './dns.js'
import { SiteName } from './names.js'

/** A DNS record to be made where the domain is managed (RFC 1035). */
export const DnsRecord = z
  .object({ name: z.string(), type: z.literal('TXT'), value: z.string() })
  .meta({ id: 'DnsRecord' })
export type DnsRecord = z.infer<typeof DnsRecord>

/** What a look at DNS found, each part in words too. */
export const DomainCheck = z
  .object({
    at: z.string(),
    /** The record at the zone's own servers: `proven` it is there · `missing` · `other` it says something else · `unknown` nobody could be asked. */
    ownership: z.enum(['proven', 'missing', 'other', 'unknown']),
    message: z.string(),
    /** Where the name leads: `here`, `elsewhere`, `nowhere` no address, `unknown`. */
    leads: z.enum(['here', 'elsewhere', 'nowhere', 'unknown']),
    leadsMessage: z.string(),
  })
  .meta({ id: 'DomainCheck' })
export type DomainCheck = z.infer<typeof DomainCheck>

/** A domain name of a site's own. */
export const SiteDomain = z
  .object({
    /** As DNS knows it (A-labels). */
    name: z.string(),
    /** As people read it. */
    title: z.string(),
    /** `waiting` asked for, and not served before it is proven · `served` · `failing` served, but the proof is gone: until `losesAt`. */
    state: z.enum(['waiting', 'served', 'failing']),
    /** What proved it: the record, or an administrator's word. */
    proof: z.enum(['record', 'administrator']).optional(),
    losesAt: z.string().optional(),
    /** The record that proves it, to be copied. */
    record: DnsRecord,
    /** The last look; absent: nobody has looked yet. */
    check: DomainCheck.optional(),
    /** Of a served name. */
    certificate: CertificateState.optional(),
  })
  .meta({ id: 'SiteDomain' })
export type SiteDomain = z.infer<typeof SiteDomain>

/** A name among all of the platform's, as administrators see it. */
export const ListedName = SiteDomain.omit({ record: true, state: true })
  .extend({
    /** As of a domain · `platform` given by the platform, with a certificate of the platform's own · `released` given up, and kept for who had it until `freeAt`. */
    state: z.enum(['platform', ...SiteDomain.shape.state.options, 'released']),
    /** Absent: no site has it any more. */
    site: SiteName.optional(),
    owner: z.string(),
    freeAt: z.string().optional(),
    /** Of a name that the platform announces. */
    dns: DnsState.optional(),
  })
  .meta({ id: 'ListedName' })
export type ListedName = z.infer<typeof ListedName>
