import { type Sign, sign } from '../../model/doctor.js'
import type { Holder, Place } from '../../model/installation.js'
import type { Account } from '../host/accounts.js'

export type Holders = Readonly<Record<Holder, Account>>

/** What lies there. `kind` undefined: something else, as a link. */
export interface FoundPlace {
  kind: Place['kind'] | undefined
  mode: number
  uid: number
  gid: number
}

const octal = (mode: number): string => `0${mode.toString(8)}`

/** What of a place is not as in the table. Pure. */
export function findPlaceSigns(path: string, place: Place, holders: Holders, found: FoundPlace | undefined): Sign[] {
  const uid = holders[place.owner].uid
  const gid = holders[place.group].gid
  const wanted = `${uid}:${gid} ${octal(place.mode)}`
  if (found === undefined) return place.isLater ? [] : [sign(path, '–', wanted)]
  if (found.kind !== place.kind) return [sign(path, `not a ${place.kind}`, place.kind)]
  if (found.uid === uid && found.gid === gid && found.mode === place.mode) return []
  return [sign(path, `${found.uid}:${found.gid} ${octal(found.mode)}`, wanted)]
}

/** Whether a file allows more than `most`. Pure. */
export function findExposed(path: string, most: number, { mode }: FoundPlace): Sign[] {
  return (mode & ~most & 0o777) === 0 ? [] : [sign(path, octal(mode), octal(most))]
}
