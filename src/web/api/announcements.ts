import { queryOptions } from '@tanstack/react-query'
import type { AnnouncementWish } from '../../model/announcement.js'
import { callApi } from './call-api.js'
import { queryClient } from './query-client.js'

export const announcementsQuery = queryOptions({
  queryKey: ['announcements'],
  queryFn: async ({ signal }) => (await callApi('listAnnouncements', {}, signal)).announcements,
})

/** Changes something about them and shows what they are now. */
async function change<T>(done: Promise<T>): Promise<T> {
  const result = await done
  await queryClient.invalidateQueries({ queryKey: announcementsQuery.queryKey })
  return result
}

/** Writes a new one, or another text for that one. */
export const saveAnnouncement = (id: string | undefined, body: AnnouncementWish) =>
  change(
    id === undefined
      ? callApi('createAnnouncement', { body })
      : callApi('changeAnnouncement', { params: { id }, body }),
  )
export const removeAnnouncement = (id: string) => change(callApi('removeAnnouncement', { params: { id } }))
