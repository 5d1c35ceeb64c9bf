import * as z from 'zod'
import { AuditFilter, AuditPage, AuditPlace } from '../audit.js'
import { PlatformCertificate } from '../certificate.js'
import { DnsStatus, PublicAddressStatus } from '../dns.js'
import { Examination } from '../doctor.js'
import { ListedName } from '../domain.js'
import { HostStatus } from '../host-status.js'
import { table } from './entry.js'

/** The machine and the platform around the sites. */
export const platformApi = table({
  /** All counters of the machine and its sites for a collector: Prometheus' text format 0.0.4. */
  metrics: { method: 'GET', path: '/api/metrics', access: 'administrator', result: z.string() },
  /** State of the machine and of the platform around the sites. */
  platform: {
    method: 'GET',
    path: '/api/platform',
    access: 'administrator',
    result: z.object({
      host: HostStatus.optional(),
      baseDomain: z.string(),
      panelUrl: z.string(),
      /** How many sites there are addresses and ports for. */
      mostSites: z.int(),
      caFile: z.string().optional(),
      directory: z.enum(['reachable', 'unreachable', 'none']),
      proxy: z.object({ ok: z.boolean(), message: z.string().optional() }),
      dns: DnsStatus,
      publicAddresses: PublicAddressStatus,
      /** Of the platform's own names. */
      certificates: z.array(PlatformCertificate),
    }),
  },
  /** Every name of every site, and those that were given up lately, with what is known of proof, DNS and certificate. */
  listAllNames: {
    method: 'GET',
    path: '/api/platform/domains',
    access: 'administrator',
    result: z.object({ names: z.array(ListedName), certificates: z.array(PlatformCertificate) }),
  },
  /** One page of the agent's audit log, newest first, from that place on; each reading is itself written down in it. */
  readAudit: {
    method: 'GET',
    path: '/api/platform/audit',
    access: 'administrator',
    query: AuditFilter.extend({ before: AuditPlace.optional() }),
    result: AuditPage,
  },
  /** Looks now whether every promise of Ruche holds on this machine; seconds. Who asks while another look is under way gets its answer. */
  runDoctor: { method: 'POST', path: '/api/doctor', access: 'administrator', untold: true, result: Examination },
})
