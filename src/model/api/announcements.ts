import * as z from 'zod'
import { Announcement, AnnouncementWish } from '../announcement.js'
import { Id } from '../names.js'
import { table } from './entry.js'

const ofAnnouncement = z.object({ id: Id })

/** What administrators tell everybody. Those of now come with `me` and with the events. */
export const announcementsApi = table({
  /** All of them, also planned ones and those that ended; the newest first. */
  listAnnouncements: {
    method: 'GET',
    path: '/api/announcements',
    access: 'administrator',
    result: z.object({ announcements: z.array(Announcement) }),
  },
  /** Tells everybody who is signed in. `conflict` when there are too many. */
  createAnnouncement: {
    method: 'POST',
    path: '/api/announcements',
    access: 'administrator',
    body: AnnouncementWish,
    result: Announcement,
  },
  /** Says all of it anew; who has closed it sees it again. */
  changeAnnouncement: {
    method: 'PUT',
    path: '/api/announcements/:id',
    access: 'administrator',
    params: ofAnnouncement,
    body: AnnouncementWish,
    result: Announcement,
  },
  /** Takes it away. */
  removeAnnouncement: {
    method: 'DELETE',
    path: '/api/announcements/:id',
    access: 'administrator',
    params: ofAnnouncement,
    result: z.object({ removed: Id }),
  },
})
