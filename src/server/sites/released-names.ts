import { findReleased, releaseNames } from '../register/domains.js'
import type { Queries } from '../register/register.js'

/** How long a name that was given up stays its former owner's: links, bookmarks and cookies of visitors still mean them. */
const RELEASED_DAYS = 30
const DAY_MS = 86_400_000

export async function release(queries: Queries, names: readonly string[], owner: string, now: Date): Promise<void> {
  const until = new Date(now.getTime() + RELEASED_DAYS * DAY_MS).toISOString()
  await releaseNames(
    queries,
    names.map((name) => ({ name, owner, until })),
  )
}

/** Why somebody cannot have a name that was another's until lately, or undefined. */
export async function findReleaseProblem(
  queries: Queries,
  name: string,
  owner: string,
  at: string,
): Promise<string | undefined> {
  const released = await findReleased(queries, name, at)
  if (!released || released.owner === owner) return undefined
  return `this name was somebody else's and is free from ${released.until.slice(0, 10)} on`
}
