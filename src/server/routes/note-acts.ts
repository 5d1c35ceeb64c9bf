import type { ApiEntry } from '../../model/api/entry.js'
import { asAppError } from '../../model/errors.js'
import type { Requester } from '../access/requester.js'
import type { Activity } from '../activity/activity.js'
import type { SiteRecord } from '../register/sites.js'

/** Whether it is told later that somebody asked for it. */
export function isTold(entry: ApiEntry): boolean {
  return entry.method !== 'GET' && entry.access !== 'public' && entry.untold !== true
}

/** Fields of a request that say what of a site it is about; nothing else of it is ever kept: the rest may be a secret. */
const ABOUT = ['domain', 'login', 'path', 'from', 'host', 'archive', 'digest'] as const

/** What of the site an input is about: the first of those fields that it has. Pure. */
export function findAbout(input: object): string | undefined {
  const parts = Object.values(input) as unknown[]
  for (const field of ABOUT)
    for (const part of parts) {
      const value = typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[field] : undefined
      if (typeof value === 'string' && value !== '') return value
    }
  return undefined
}

interface Asked {
  name: string
  entry: ApiEntry
  who: Requester | undefined
  site: SiteRecord | undefined
  address: string
}

/** Runs a route's function and remembers that it was asked for, and how it ended. `findSite` answers the site of that name. */
export async function noteAct<T>(
  { activity, findSite }: { activity: Activity; findSite: (name: string) => Promise<SiteRecord | undefined> },
  { name, entry, who, site, address }: Asked,
  input: object,
  run: () => Promise<T>,
): Promise<T> {
  if (!who || !isTold(entry)) return run()
  const act = { who, address, act: name, site, about: findAbout(input) }
  try {
    const result = await run()
    const made = site ? undefined : findMadeSite(result)
    await activity.note({ ...act, site: made === undefined ? site : await findSite(made) })
    return result
  } catch (error) {
    await activity.note({ ...act, error: asAppError(error) })
    throw error
  }
}

/** Name of the site that a route answers to have made. */
function findMadeSite(result: unknown): string | undefined {
  const { site } = (result ?? {}) as { site?: { name?: unknown } }
  return typeof site?.name === 'string' ? site.name : undefined
}
