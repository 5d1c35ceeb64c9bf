import { isIPv6 } from 'node:net'
import { AppError } from '../../model/errors.js'
import { isRecent } from '../is-recent.js'

/** Slows down who guesses passwords, without letting a stranger lock out somebody else. */
export interface SignInLimits {
  /**
   * Counts an attempt before the directory is asked, so that many at once count too. Refuses (`limit_reached`) where too many came from;
   * answers how long to wait first.
   */
  attempt(login: string, address: string): { waitMs: number }
  /** The attempt was no guess: the password was right. */
  succeeded(login: string, address: string): void
  /** The attempt was no guess: the directory did not answer. */
  forgive(login: string, address: string): void
}

const WINDOW_MS = 15 * 60_000
/** Guesses of one name from one place; a school behind one address may guess more, of many names. */
const PER_LOGIN_AND_PLACE = 8
const PER_PLACE = 100
/** From a whole /48, which somebody may own with all its 65,536 places. */
const PER_REGION = 400
/** Guesses of one name from everywhere: more are not refused, since the person must still come in, but wait. */
const PER_LOGIN = 30
const SLOW_MS = 2000
const MOST_KEYS = 20_000

export function openSignInLimits(now: () => Date): SignInLimits {
  const failures = new Map<string, number[]>()
  const recent = (key: string) => (failures.get(key) ?? []).filter((at) => isRecent(at, now(), WINDOW_MS))
  const keys = (login: string, address: string) => {
    const place = placeOf(address)
    return {
      pair: `pair ${place} ${login}`,
      place: `place ${place}`,
      region: `region ${regionOf(place)}`,
      login: `login ${login}`,
    }
  }
  const count = (key: string) => {
    const times = [...recent(key), now().getTime()].slice(-PER_REGION)
    failures.delete(key)
    failures.set(key, times)
  }
  const forgive = (login: string, address: string) => {
    for (const key of Object.values(keys(login, address))) failures.set(key, recent(key).slice(0, -1))
  }
  return {
    attempt(login, address) {
      if (failures.size > MOST_KEYS) forgetOldest(failures)
      const key = keys(login, address)
      const isTooMany =
        recent(key.pair).length >= PER_LOGIN_AND_PLACE ||
        recent(key.place).length >= PER_PLACE ||
        recent(key.region).length >= PER_REGION
      if (isTooMany)
        throw new AppError('limit_reached', 'Too many wrong passwords came from here.', {
          hint: 'Wait a quarter of an hour, then try again.',
        })
      const waitMs = recent(key.login).length >= PER_LOGIN ? SLOW_MS : 0
      for (const one of Object.values(key)) count(one)
      return { waitMs }
    },
    forgive,
    succeeded(login, address) {
      forgive(login, address)
      failures.delete(keys(login, address).pair)
    },
  }
}

// A flood of names or addresses: those that were not seen for longest go, half at once so that it costs little.
function forgetOldest(failures: Map<string, number[]>): void {
  for (const key of failures.keys()) {
    if (failures.size <= MOST_KEYS / 2) break
    failures.delete(key)
  }
}

/** The /48 around an IPv6 place; an IPv4 address is its own. */
function regionOf(place: string): string {
  return place.endsWith('::/64') ? place.split(':').slice(0, 3).join(':') : place
}

/** Where an address is: itself, or the /64 that an IPv6 customer has whole (RFC 6177). */
export function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
