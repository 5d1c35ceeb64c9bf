import * as z from 'zod'
import { DomainName } from './domain-name.js'
import type { FieldError } from './errors.js'
import { IpNetwork } from './ip-network.js'
import { Redirect } from './redirect.js'

const MIB = 1024 ** 2
const MAX_UPLOAD_BYTES = 1100 * MIB

/** What a page of ours says in the owner's own words: text, never markup. Empty: our own words, or the site's own page. */
const Words = z
  .string()
  .max(1000)
  .transform((text) => text.replace(/\r\n?/g, '\n').trim())
  .refine((text) => !/[^\P{C}\n\t]/u.test(text), 'has a character that cannot be shown')

/** How a site is served: all that the front proxy does for it besides passing requests on. */
export const SiteSettings = z
  .object({
    /** Plain HTTP leads to HTTPS. */
    forceHttps: z.boolean(),
    /** For how long browsers remember never to use plain HTTP. */
    hsts: z.enum(['off', 'day', 'year']),
    /** Visitors of all other names of the site are led to this one; empty: to none. */
    mainName: z.union([z.literal(''), DomainName]),
    redirects: z.array(Redirect).max(100),
    /** Everybody gets a page that says that the site is being worked on. */
    maintenance: z.boolean(),
    maintenanceText: Words,
    /** Who may see the site: everybody, who knows a name and a password, or people of the directory. */
    visitors: z.enum(['everybody', 'password', 'people']),
    visitorName: z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'up to 32 letters, digits and . _ -'),
    /** With `people`: members of one of these groups of the directory (their DNs); everybody in it when there are none. */
    visitorGroups: z.array(z.string().min(1).max(500)).max(20),
    /** Only from there; everywhere when empty. `deny` goes before it. */
    allow: z.array(IpNetwork).max(200),
    deny: z.array(IpNetwork).max(200),
    /** How often one visitor may ask. */
    rate: z.enum(['off', 'relaxed', 'strict']),
    uploadBytes: z.int().min(1024).max(MAX_UPLOAD_BYTES),
    /** For how long answers that are the same for everybody are kept. */
    cache: z.enum(['off', 'seconds', 'minutes']),
    notFoundText: Words,
    forbiddenText: Words,
    errorText: Words,
    /** Search engines are asked to stay away. */
    noindex: z.boolean(),
  })
  .strict()
  .meta({ id: 'SiteSettings' })
export type SiteSettings = z.output<typeof SiteSettings>

export const DEFAULT_SETTINGS: SiteSettings = {
  forceHttps: true,
  hsts: 'off',
  mainName: '',
  redirects: [],
  maintenance: false,
  maintenanceText: '',
  visitors: 'everybody',
  visitorName: 'visitor',
  visitorGroups: [],
  allow: [],
  deny: [],
  rate: 'off',
  uploadBytes: MAX_UPLOAD_BYTES,
  cache: 'off',
  notFoundText: '',
  forbiddenText: '',
  errorText: '',
  noindex: false,
}

/** Some settings, and a new password for visitors, which is never told again. */
export const SettingsChange = SiteSettings.partial()
  .extend({ password: z.string().min(6).max(200).optional() })
  .strict()
  .meta({ id: 'SettingsChange' })
export type SettingsChange = z.output<typeof SettingsChange>

/** As the register keeps them: only what differs from the default, the password as its hash (crypt(5), SHA-512), and what a purge counts up. */
const StoredSettings = SiteSettings.partial()
  .extend({
    passwordHash: z
      .string()
      .regex(/^\$6\$rounds=1000\$[A-Za-z0-9./]{16}\$[A-Za-z0-9./]{86}$/)
      .optional(),
    cacheEpoch: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .strict()

/** The settings that a site is served with. */
export interface ServedSettings extends SiteSettings {
  passwordHash?: string | undefined
  cacheEpoch: number
}

/** Reads what the register holds; undefined when that is not what it should be, so that nobody is let in by a mistake. */
export function readSettings(stored: string): ServedSettings | undefined {
  if (stored === '{}') return { ...DEFAULT_SETTINGS, cacheEpoch: 0 }
  const parsed = StoredSettings.safeParse(parseJson(stored))
  if (!parsed.success) return undefined
  const settings: ServedSettings = { ...DEFAULT_SETTINGS, cacheEpoch: 0, ...withoutUndefined(parsed.data) }
  return findSettingsProblems(settings).length === 0 ? settings : undefined
}

/** What the register is to hold. */
export function writeSettings(settings: ServedSettings): string {
  const defaults: Record<string, unknown> = { ...DEFAULT_SETTINGS, cacheEpoch: 0 }
  const changed = Object.entries(settings).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[key]),
  )
  return JSON.stringify(Object.fromEntries(changed))
}

/** What does not go together. */
export function findSettingsProblems(settings: ServedSettings): FieldError[] {
  const { visitors, forceHttps, cache, hsts, passwordHash, redirects } = settings
  const problems: FieldError[] = []
  const say = (path: string, message: string) => problems.push({ path, message })
  if (visitors === 'password' && passwordHash === undefined) say('password', 'a password is needed')
  if (visitors !== 'everybody' && !forceHttps) say('forceHttps', 'must be on where not everybody may look')
  if (visitors !== 'everybody' && cache !== 'off') say('cache', 'only for a site that everybody may see')
  if (hsts !== 'off' && !forceHttps) say('hsts', 'only together with HTTPS for every visit')
  const seen = new Set<string>()
  redirects.forEach(({ from }, index) => {
    if (seen.has(from)) say(`redirects.${index}.from`, 'it is there twice')
    seen.add(from)
  })
  return problems
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the keys that say nothing. */
export function withoutUndefined<T extends object>(value: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<Defined<T>>
}
