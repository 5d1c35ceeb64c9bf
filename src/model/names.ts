import * as z from 'zod'

/** Labels that may not name a site: they mean something to mail, browsers, or the platform itself. */
export const RESERVED_LABELS: readonly string[] = [
  'www',
  'admin',
  'administrator',
  'panel',
  'ruche',
  'mail',
  'smtp',
  'imap',
  'pop',
  'ns',
  'ns1',
  'ns2',
  'dns',
  'mx',
  'ftp',
  'sftp',
  'ssh',
  'autoconfig',
  'autodiscover',
  'wpad',
  'isatap',
  'localhost',
  'api',
  'login',
  'auth',
  'sso',
  'status',
  'root',
  'hostmaster',
  'postmaster',
  'webmaster',
  'abuse',
  'security',
  'ruche-canary',
  'acme',
  'letsencrypt',
]

const SITE_NAME = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,40}$/

/** Text that a program can be given as it is: no NUL, no half of a character. */
export const PlainText = z.string().refine((text) => !/[\0\p{Cs}]/u.test(text), 'not a text')

/** Name of a site, one DNS label (RFC 1035 §2.3.1): 2 to 41 of `a-z 0-9 -`, first a letter, no two hyphens in a row, none at the end. It is also the container's id. */
export const SiteName = z
  .string()
  .regex(SITE_NAME, 'use 2 to 41 lower-case letters, digits and single hyphens, starting with a letter')
  .refine((name) => !RESERVED_LABELS.includes(name), 'this name is reserved')
  .meta({ id: 'SiteName', examples: ['shop'] })
export type SiteName = z.infer<typeof SiteName>

/** Id of a container at the agent. Same form as a site's name, without the reserved words: what exists stays reachable. */
export const ContainerId = z.string().regex(SITE_NAME, 'not a container id')
export type ContainerId = z.infer<typeof ContainerId>

/** The one container that is no site's: a throw-away copy on which a new template is tried. Its label is reserved. */
export const CANARY_ID: ContainerId = 'ruche-canary'

/** Sign-in name in the directory. No character that is not seen: a directory would take the name with and without it as the same. */
export const Login = z
  .string()
  .min(1, 'a sign-in name is needed')
  .max(64)
  .regex(/^[^\p{C}\p{DI}\s/\\]+$/u, 'not a sign-in name')
  .meta({ id: 'Login' })
export type Login = z.infer<typeof Login>

/** Id of an operation, a domain record, a token…: 12 characters of a-z2-7. */
export const Id = z.string().regex(/^[a-z2-7]{12}$/, 'not an id')
export type Id = z.infer<typeof Id>

/** Digest that names a template: 64 hex digits (SHA-256). */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'not a digest')
export type Digest = z.infer<typeof Digest>
