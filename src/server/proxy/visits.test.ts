import { expect, test } from 'vitest'
import { readRequests } from './read-access-log.js'
import { findVisits } from './visits.js'

const line = (at: number, site: string, agent = 'Firefox') => `${JSON.stringify({ at, site, agent })}\n`

test('the last visit of a person counts, not that of a machine', () => {
  const text = [line(5, 'shop'), line(9, 'shop'), line(7, 'shop'), line(9, 'blog', 'Googlebot/2.1')]
  expect([...findVisits(readRequests(text.join('')))]).toEqual([['shop', 9000]])
})
