import { expect, it } from 'vitest'
import type { Announcement } from '../../../model/announcement.js'
import { findEndProblem, NEW_ANNOUNCEMENT, toForm, toWish } from './announcement-form.js'

const announcement: Announcement = {
  id: 'a'.repeat(12),
  kind: 'warning',
  texts: { fr: 'Maintenance' },
  state: 'planned',
  from: '2026-11-20T18:00:00.000Z',
  until: '2026-11-21T06:30:00.000Z',
  by: 'admin',
  changedAt: '2026-11-20T10:00:00.000Z',
}

it('says what it was filled with, whatever the zone', () => {
  const { kind, texts, from, until } = announcement
  expect(toWish(toForm(announcement))).toEqual({ kind, texts, from, until })
  expect(toWish({ ...NEW_ANNOUNCEMENT, en: 'News', fr: '  ' })).toEqual({ kind: 'information', texts: { en: 'News' } })
})

it('finds ends before the beginning, and such that are over', () => {
  const now = new Date('2026-11-20T12:00').getTime()
  expect(findEndProblem({ from: '', until: '' }, now)).toBeUndefined()
  expect(findEndProblem({ from: '', until: '2026-11-20T12:01' }, now)).toBeUndefined()
  expect(findEndProblem({ from: '', until: '2026-11-20T12:00' }, now)).toBe('untilOver')
  expect(findEndProblem({ from: '2026-11-21T12:00', until: '2026-11-21T12:00' }, now)).toBe('untilBefore')
})
