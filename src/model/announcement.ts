import * as z from 'zod'
import { Id } from './names.js'

/** Languages of the pages in which an announcement may be written. */
export const ANNOUNCEMENT_LANGUAGES = ['en', 'fr'] as const
export const ANNOUNCEMENT_KINDS = ['information', 'warning'] as const
export const MOST_ANNOUNCEMENT_TEXT = 500

/** One paragraph. */
const Text = z
  .string()
  .overwrite((text) => text.replace(/\s+/gu, ' '))
  .trim()
  .min(1)
  .max(MOST_ANNOUNCEMENT_TEXT)

/** The same text in one language or in both; who reads in the other one sees what there is. */
export const AnnouncementTexts = z
  .object({ en: Text.optional(), fr: Text.optional() })
  .strict()
  .refine(({ en, fr }) => en !== undefined || fr !== undefined, 'write a text in one language at least')
export type AnnouncementTexts = z.infer<typeof AnnouncementTexts>

const Moment = z.iso.datetime({ offset: true, error: 'a time, as in 2026-12-24T18:00:00Z' })

/** What an administrator writes. `from` absent: at once; `until` absent: until it is removed. */
export const AnnouncementWish = z
  .object({
    texts: AnnouncementTexts,
    kind: z.enum(ANNOUNCEMENT_KINDS),
    from: Moment.optional(),
    until: Moment.optional(),
  })
  .strict()
  .refine(({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    message: 'it must end after it begins',
  })
export type AnnouncementWish = z.infer<typeof AnnouncementWish>

/** What everybody who is signed in is shown now. Another `changedAt`: shown again to who closed it. */
export const ShownAnnouncement = z
  .object({ id: Id, texts: AnnouncementTexts, kind: z.enum(ANNOUNCEMENT_KINDS), changedAt: z.string() })
  .meta({ id: 'ShownAnnouncement' })
export type ShownAnnouncement = z.infer<typeof ShownAnnouncement>

/** As administrators see it, whether it is shown now or not. */
export const Announcement = ShownAnnouncement.extend({
  state: z.enum(['planned', 'shown', 'ended']),
  from: z.string().optional(),
  until: z.string().optional(),
  by: z.string(),
}).meta({ id: 'Announcement' })
export type Announcement = z.infer<typeof Announcement>
