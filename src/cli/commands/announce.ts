import type { Command } from 'commander'
import { type Announcement, AnnouncementWish } from '../../model/announcement.js'
import { Id } from '../../model/names.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { formatTime } from '../format.js'
import { readMoment } from '../read-moment.js'
import { renderTable } from '../render-table.js'

interface Options {
  fr?: string
  warning?: boolean
  from?: string
  until?: string
}

export function defineAnnounce(command: Command, open: () => Context): void {
  command
    .argument('[text]', 'what everybody is told, in English')
    .option('--fr <text>', 'the same in French; one of both is enough')
    .option('--warning', 'a warning: also on the sign-in page')
    .option('--from <when>', 'not before, as in 2h or "2026-12-24 18:00"')
    .option('--until <when>', 'not after that; without it: until it is removed')
    .action(async (en: string | undefined, options: Options) => {
      const context = open()
      const body = readWish(en, options, new Date())
      const made = await context.client.call('createAnnouncement', { body })
      context.print(made, () => renderAnnouncements([made], context))
    })
}

export function defineAnnouncements(command: Command, open: () => Context): void {
  command.option('--remove <id>', 'take one away').action(async ({ remove }: { remove?: string }) => {
    const context = open()
    if (remove !== undefined) {
      const id = checkInput(Id, remove, 'id', 'ruche announcements shows the ids')
      const done = await context.client.call('removeAnnouncement', { params: { id } })
      return context.print(done, () => 'Nobody is told that any more.\n')
    }
    const { announcements } = await context.client.call('listAnnouncements')
    context.print({ announcements }, () => renderAnnouncements(announcements, context))
  })
}

function readWish(en: string | undefined, { fr, warning, from, until }: Options, now: Date): AnnouncementWish {
  const result = AnnouncementWish.safeParse({
    texts: { ...(en !== undefined && { en }), ...(fr !== undefined && { fr }) },
    kind: warning ? 'warning' : 'information',
    ...(from !== undefined && { from: readMoment(from, 'from', now) }),
    ...(until !== undefined && { until: readMoment(until, 'until', now) }),
  })
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path[0] === 'until' ? 'until' : 'text'
  throw invalidInput(field, issue?.message ?? 'is not valid', 'as in ruche announce "Maintenance tonight" --until 8h')
}

function renderAnnouncements(announcements: Announcement[], { paint }: Pick<Context, 'paint'>): string {
  if (announcements.length === 0) return 'Nothing is announced.\n'
  return renderTable(
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'STATE', text: ({ state }) => state },
      { title: 'FROM', text: ({ from }) => formatTime(from) ?? 'at once' },
      { title: 'UNTIL', text: ({ until }) => formatTime(until) ?? 'removed' },
      { title: 'BY', text: ({ by }) => by },
      { title: 'TEXT', text: ({ texts }) => visibleText([texts.en, texts.fr].filter(Boolean).join(' / ')) },
    ],
    announcements,
    (title) => paint('dim', title),
  )
}
