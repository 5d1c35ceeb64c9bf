import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'

type Names = 'listAnnouncements' | 'createAnnouncement' | 'changeAnnouncement' | 'removeAnnouncement'

export function announcementRoutes({ announcements }: Dependencies): Pick<RouteTable, Names> {
  return {
    listAnnouncements: async () => ({ announcements: await announcements.list() }),
    createAnnouncement: ({ body }, { who }) => announcements.create(body, who.login),
    changeAnnouncement: ({ params, body }, { who }) => announcements.change(params.id, body, who.login),
    async removeAnnouncement({ params }) {
      await announcements.remove(params.id)
      return { removed: params.id }
    },
  }
}
