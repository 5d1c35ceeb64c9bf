import { isRecent } from '../is-recent.js'
import type { Directory } from './directory.js'

/** Whether people are in groups of the directory; asked again when the last word is half a minute old. */
export interface Memberships {
  /** False also when nobody could tell for a long time. */
  isMember(login: string, groups: readonly string[]): Promise<boolean>
}

const ASK_MS = 25_000
/** How long the last word of a directory that does not answer counts. */
const TRUST_MS = 15 * 60_000
const MOST_KEPT = 20_000

interface Word {
  isMember: boolean
  atMs: number
}

export function openMemberships(directory: Directory | undefined, now: () => Date): Memberships {
  const words = new Map<string, Word>()
  const asking = new Map<string, Promise<void>>()

  const ask = async (key: string, login: string, groups: readonly string[]) => {
    const isMember = await directory?.isMember(login, groups).catch(() => undefined)
    if (isMember === undefined) return
    if (words.size >= MOST_KEPT) words.clear()
    words.set(key, { isMember, atMs: now().getTime() })
  }
  return {
    async isMember(login, groups) {
      const key = JSON.stringify([login, groups])
      const last = words.get(key)
      if (last && isRecent(last.atMs, now(), ASK_MS)) return last.isMember
      const running = asking.get(key) ?? ask(key, login, groups).finally(() => asking.delete(key))
      asking.set(key, running)
      await running
      const word = words.get(key)
      return word !== undefined && isRecent(word.atMs, now(), TRUST_MS) && word.isMember
    },
  }
}
