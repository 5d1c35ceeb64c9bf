import * as z from 'zod'
import { ShownAnnouncement } from './announcement.js'
import { Operation } from './operation.js'
import { Site } from './site.js'

/** What a page is told without asking. `resync`: the stream was cut or begins; ask again for what is shown. */
export const ServerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resync') }),
  z.object({ type: z.literal('site'), site: Site }),
  z.object({ type: z.literal('siteGone'), name: z.string() }),
  z.object({ type: z.literal('operation'), operation: Operation }),
  z.object({ type: z.literal('templates') }),
  z.object({ type: z.literal('announcements'), announcements: z.array(ShownAnnouncement) }),
])
export type ServerEvent = z.infer<typeof ServerEvent>
