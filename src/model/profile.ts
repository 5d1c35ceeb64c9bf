import * as z from 'zod'
import { Id, SiteName } from './names.js'
import { Fingerprint } from './ssh.js'

/** A public key that opens the SSH of every site whose content its person may change. */
export const PersonKey = z
  .object({
    id: Id,
    /** `ssh-ed25519`, … */
    type: z.string(),
    /** What its person wrote behind it. */
    comment: z.string(),
    fingerprint: Fingerprint,
    addedAt: z.string(),
  })
  .meta({ id: 'PersonKey' })
export type PersonKey = z.infer<typeof PersonKey>

/** How many keys a person may have. */
export const MOST_KEYS = 10

/** A browser in which the person is signed in. */
export const PersonSession = z
  .object({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    createdAt: z.string(),
    seenAt: z.string(),
    /** Where it was begun from, and the browser's own words about itself; both as they came. */
    address: z.string().optional(),
    browser: z.string().optional(),
    /** The one that asks. */
    isCurrent: z.boolean(),
  })
  .meta({ id: 'PersonSession' })
export type PersonSession = z.infer<typeof PersonSession>

/** What a token lets programs do in the name of its person: look, or also change. */
export const TOKEN_SCOPES = ['read', 'write'] as const
export const TokenScope = z.enum(TOKEN_SCOPES)
export type TokenScope = z.infer<typeof TokenScope>

/** How long a token may be good for, in days. */
export const MOST_TOKEN_DAYS = 366
/** How many tokens a person may have. */
export const MOST_TOKENS = 20

/** A token as it is shown once it was made: without the secret. */
export const PersonToken = z
  .object({
    id: Id,
    name: z.string(),
    scope: TokenScope,
    /** The one site that it is for; absent: all of its person's. */
    site: SiteName.optional(),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().optional(),
    lastUsedFrom: z.string().optional(),
  })
  .meta({ id: 'PersonToken' })
export type PersonToken = z.infer<typeof PersonToken>
