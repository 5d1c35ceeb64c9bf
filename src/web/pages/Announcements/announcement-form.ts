import type { Announcement, AnnouncementWish } from '../../../model/announcement.js'

export interface AnnouncementForm {
  kind: Announcement['kind']
  en: string
  fr: string
  /** As a field for a date and a time has it: of the person's zone. Empty: none. */
  from: string
  until: string
}

export const NEW_ANNOUNCEMENT: AnnouncementForm = { kind: 'information', en: '', fr: '', from: '', until: '' }

export function toForm({ kind, texts, from, until }: Announcement): AnnouncementForm {
  return { kind, en: texts.en ?? '', fr: texts.fr ?? '', from: toLocal(from), until: toLocal(until) }
}

export function toWish({ kind, en, fr, from, until }: AnnouncementForm): AnnouncementWish {
  return {
    kind,
    texts: { ...(en.trim() !== '' && { en }), ...(fr.trim() !== '' && { fr }) },
    ...(from !== '' && { from: new Date(from).toISOString() }),
    ...(until !== '' && { until: new Date(until).toISOString() }),
  }
}

/** What is wrong with the end; undefined: nothing. */
export function findEndProblem(
  { from, until }: Pick<AnnouncementForm, 'from' | 'until'>,
  now: number,
): 'untilBefore' | 'untilOver' | undefined {
  if (until === '') return undefined
  const end = Date.parse(until)
  if (from !== '' && end <= Date.parse(from)) return 'untilBefore'
  return end <= now ? 'untilOver' : undefined
}

function toLocal(iso: string | undefined): string {
  if (iso === undefined) return ''
  const time = new Date(iso)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
