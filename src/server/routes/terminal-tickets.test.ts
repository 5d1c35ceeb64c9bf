import { expect, test } from 'vitest'
import { makeTerminalTickets } from './terminal-tickets.js'

const size = { rows: 24, columns: 80 }
const alice = { login: 'alice', session: 's1', site: 'shop' }

test('a ticket is good once, for 30 s, for who asked, by the same session, for the same site', () => {
  let now = 0
  const tickets = makeTerminalTickets(() => now)
  const good = tickets.issue({ ...alice, size })
  expect(tickets.redeem(good, alice).size).toEqual(size)
  expect(() => tickets.redeem(good, alice)).toThrow('not good')
  for (const other of [{ login: 'bob' }, { session: 's2' }, { session: undefined }, { site: 'blog' }]) {
    const text = tickets.issue({ ...alice, size })
    expect(() => tickets.redeem(text, { ...alice, ...other })).toThrow('not good')
    expect(() => tickets.redeem(text, alice)).toThrow('not good')
  }
  const late = tickets.issue({ ...alice, size })
  now = 30_001
  expect(() => tickets.redeem(late, alice)).toThrow('not good')
})

test('a person has at most eight terminals, asked for or open', () => {
  const tickets = makeTerminalTickets(() => 0)
  const texts = Array.from({ length: 8 }, () => tickets.issue({ ...alice, size }))
  expect(() => tickets.issue({ ...alice, size })).toThrow('8 terminals')
  const { end } = tickets.redeem(texts[0] ?? '', alice)
  expect(() => tickets.issue({ ...alice, size })).toThrow('8 terminals')
  tickets.issue({ ...alice, login: 'bob', size })
  end()
  tickets.issue({ ...alice, size })
})
