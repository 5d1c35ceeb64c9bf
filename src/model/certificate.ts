import * as z from 'zod'

/** Who signs certificates: an authority of this platform's own, or one on the Internet by ACME (RFC 8555). */
export const CERTIFICATE_MODES = ['local', 'acme'] as const

/** Where the certificate of some names stands. */
export const CertificateState = z
  .object({
    /** Who signed what is served now; `own`: whoever its owner had it from. */
    issuer: z.enum([...CERTIFICATE_MODES, 'own']),
    /** `valid` served as wished · `waiting` something must be right before one is ordered · `ordered` the authority is at work · `failed` it was refused, and is tried again. */
    state: z.enum(['valid', 'waiting', 'ordered', 'failed']),
    validUntil: z.string().optional(),
    /** What it waits for, or why it failed; with `valid`, why it could not be renewed yet. */
    message: z.string().optional(),
    nextTryAt: z.string().optional(),
  })
  .meta({ id: 'CertificateState' })
export type CertificateState = z.infer<typeof CertificateState>

/** The same of a certificate of the platform's own, and which names are in it. */
export const PlatformCertificate = CertificateState.extend({ names: z.array(z.string()) }).meta({
  id: 'PlatformCertificate',
})
export type PlatformCertificate = z.infer<typeof PlatformCertificate>

/** A certificate that an owner brings along, PEM: the certificate first, each signed by the next; and its private key, which comes back in no answer. */
export const OwnCertificate = z
  .object({ chain: z.string().min(1).max(65_536), key: z.string().min(1).max(16_384) })
  .strict()
  .meta({ id: 'OwnCertificate' })
export type OwnCertificate = z.infer<typeof OwnCertificate>
