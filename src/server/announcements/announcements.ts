import type { Announcement, AnnouncementWish, ShownAnnouncement } from '../../model/announcement.js'
import { AppError } from '../../model/errors.js'
import { newId } from '../new-id.js'
import type { Changes } from '../operations/changes.js'
import {
  type AnnouncementRow,
  deleteAnnouncement,
  insertAnnouncement,
  listAnnouncements,
  updateAnnouncement,
} from '../register/announcements.js'
import type { Register } from '../register/register.js'

/** What administrators tell everybody, from when on and until when. */
export interface Announcements {
  list(): Promise<Announcement[]>
  /** Those that are shown now. Strangers may make us ask for them: the register is not asked. */
  shown(): Promise<ShownAnnouncement[]>
  create(wish: AnnouncementWish, by: string): Promise<Announcement>
  change(id: string, wish: AnnouncementWish, by: string): Promise<Announcement>
  remove(id: string): Promise<void>
  /** Tells the pages when one has begun or ended since it was last told. */
  tell(): Promise<void>
}

interface Parts {
  register: Register
  changes: Changes
  now: () => Date
}

/** More would be read by nobody. */
const MOST = 50

export function openAnnouncements({ register, changes, now }: Parts): Announcements {
  // This server is the only one that writes them.
  let known: Promise<AnnouncementRow[]> | undefined
  let told = '[]'
  const read = (): Promise<AnnouncementRow[]> => {
    const reading = known ?? listAnnouncements(register.db)
    known = reading
    reading.catch(() => {
      if (known === reading) known = undefined
    })
    return reading
  }
  const list = async () => (await read()).map((row) => present(row, now()))
  const shown = async () => (await list()).filter(({ state }) => state === 'shown').map(presentShown)
  const tell = async () => {
    const announcements = await shown()
    const saying = JSON.stringify(announcements)
    if (saying === told) return
    told = saying
    changes.publish({ type: 'announcements', announcements })
  }
  const changed = async () => {
    known = undefined
    await tell()
  }
  return {
    list,
    shown,
    tell,
    async create(wish, by) {
      checkEnd(wish, now())
      if ((await read()).length >= MOST)
        throw new AppError('conflict', 'There are too many announcements.', { hint: 'Remove one that has ended.' })
      const at = now().toISOString()
      const row = { id: newId(), created_at: at, ...asColumns(wish, by, at) }
      await insertAnnouncement(register.db, row)
      await changed()
      return present(row, now())
    },
    async change(id, wish, by) {
      checkEnd(wish, now())
      if (!(await updateAnnouncement(register.db, id, asColumns(wish, by, now().toISOString())))) throw gone()
      await changed()
      const found = (await list()).find((one) => one.id === id)
      if (!found) throw gone()
      return found
    },
    async remove(id) {
      if (!(await deleteAnnouncement(register.db, id))) throw gone()
      await changed()
    },
  }
}

const gone = (): AppError => new AppError('not_found', 'There is no such announcement.')

function checkEnd({ until }: AnnouncementWish, at: Date): void {
  if (until !== undefined && Date.parse(until) <= at.getTime())
    throw new AppError('invalid', 'This end is over.', {
      fields: [{ path: 'until', message: 'it must end in the future' }],
    })
}

function asColumns({ texts, kind, from, until }: AnnouncementWish, by: string, at: string) {
  return {
    kind,
    text_en: texts.en ?? null,
    text_fr: texts.fr ?? null,
    starts_at: from === undefined ? null : new Date(from).toISOString(),
    ends_at: until === undefined ? null : new Date(until).toISOString(),
    by,
    changed_at: at,
  }
}

function present(row: AnnouncementRow, at: Date): Announcement {
  return {
    id: row.id,
    kind: row.kind,
    texts: { ...(row.text_en !== null && { en: row.text_en }), ...(row.text_fr !== null && { fr: row.text_fr }) },
    state: findState(row, at.toISOString()),
    ...(row.starts_at !== null && { from: row.starts_at }),
    ...(row.ends_at !== null && { until: row.ends_at }),
    by: row.by,
    changedAt: row.changed_at,
  }
}

function presentShown({ id, texts, kind, changedAt }: Announcement): ShownAnnouncement {
  return { id, texts, kind, changedAt }
}

function findState({ starts_at, ends_at }: AnnouncementRow, at: string): Announcement['state'] {
  if (ends_at !== null && ends_at <= at) return 'ended'
  return starts_at !== null && starts_at > at ? 'planned' : 'shown'
}
