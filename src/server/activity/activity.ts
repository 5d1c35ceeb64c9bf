import type { Act, ActPage } from '../../model/activity.js'
import { AppError } from '../../model/errors.js'
import type { Requester } from '../access/requester.js'
import type { Log } from '../log.js'
import { newId } from '../new-id.js'
import {
  type ActPlace,
  type ActRow,
  type ActsWanted,
  insertAct,
  listActs,
  pruneActs,
  trimActs,
} from '../register/activity.js'
import type { Register } from '../register/register.js'
import type { SiteRecord } from '../register/sites.js'

/** Something that a person has asked for and was answered. */
export interface AskedAct {
  who: Requester
  /** '' from the machine itself. */
  address: string
  /** Name of the route. */
  act: string
  site?: Pick<SiteRecord, 'name' | 'uuid'> | undefined
  about?: string | undefined
  /** Why it was refused. */
  error?: AppError | undefined
}

export interface Activity {
  /** Remembers an act. It never fails: what cannot be remembered is in the log. */
  note(act: AskedAct): Promise<void>
  /** Newest first. AppError `invalid` when `before` is not the `next` of a page. */
  list(wanted: ActsWanted, before?: string): Promise<ActPage>
  /** Forgets what is too old. */
  forget(): Promise<void>
}

const PAGE = 50
const KEPT_MS = 90 * 24 * 3_600_000
/** Of one site: a program with a token may ask for much. */
const MOST_OF_A_SITE = 5_000
/** A site is looked at for too many acts once in so many of its acts. */
const TRIM_EVERY = 200
const LONGEST_ABOUT = 300

export function openActivity({ register, log, now }: { register: Register; log: Log; now: () => Date }): Activity {
  const noted = new Map<string, number>()
  const isTrimDue = (uuid: string): boolean => {
    const count = (noted.get(uuid) ?? 0) + 1
    noted.set(uuid, count % TRIM_EVERY)
    return count === TRIM_EVERY
  }
  return {
    async note(act) {
      try {
        await insertAct(register.db, asRow(act, now()))
        if (act.site && isTrimDue(act.site.uuid)) await trimActs(register.db, act.site.uuid, MOST_OF_A_SITE)
      } catch (error) {
        log.error({ err: error, act: act.act, by: act.who.login }, 'an act could not be remembered')
      }
    },
    async list(wanted, before) {
      const rows = await listActs(register.db, wanted, PAGE + 1, before === undefined ? undefined : readPlace(before))
      const acts = rows.slice(0, PAGE)
      const last = acts.at(-1)
      return { acts: acts.map(present), ...(rows.length > PAGE && last && { next: `${last.at} ${last.id}` }) }
    },
    forget: () => pruneActs(register.db, new Date(now().getTime() - KEPT_MS).toISOString()),
  }
}

function asRow({ who, address, act, site, about, error }: AskedAct, at: Date): ActRow {
  return {
    id: newId(),
    at: at.toISOString(),
    by: who.login,
    from_address: address,
    by_token: who.token ? 1 : 0,
    act,
    site: site?.name ?? null,
    site_uuid: site?.uuid ?? null,
    about: about === undefined ? null : about.slice(0, LONGEST_ABOUT),
    outcome: error ? 'refused' : 'done',
    code: error?.code ?? null,
  }
}

function present({ id, at, by, from_address, by_token, act, site, about, outcome, code }: ActRow): Act {
  return {
    ...{ id, at, by, act, outcome },
    byToken: by_token === 1,
    ...(from_address !== '' && { from: from_address }),
    ...(site !== null && { site }),
    ...(about !== null && { about }),
    ...(code !== null && { code }),
  }
}

function readPlace(text: string): ActPlace {
  const [, at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([a-z2-7]{12})$/.exec(text) ?? []
  if (at === undefined || id === undefined)
    throw new AppError('invalid', 'before: not the end of a page', {
      fields: [{ path: 'before', message: 'not the end of a page' }],
    })
  return { at, id }
}
