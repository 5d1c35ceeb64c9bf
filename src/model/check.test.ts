import { expect, it } from 'vitest'
import * as z from 'zod'
import { check } from './check.js'
import { Limits } from './limits.js'
import { SiteName } from './names.js'

const Body = z
  .object({
    text: z.string().max(3),
    count: z.int().max(9),
    on: z.boolean(),
    list: z.array(z.string()).min(1),
    colour: z.enum(['red', 'blue']),
    name: SiteName,
    limits: Limits.partial(),
  })
  .partial()
  .strict()

it.each([
  [{ text: [] }, 'text: must be text'],
  [{ text: 'long' }, 'text: must be at most 3 characters long'],
  [{ count: '1' }, 'count: must be a number'],
  [{ count: 1.5 }, 'count: must be a whole number'],
  [{ count: 10 }, 'count: must be at most 9'],
  [{ on: 1 }, 'on: must be true or false'],
  [{ list: {} }, 'list: must be a list'],
  [{ list: [] }, 'list: must be at least 1 entries long'],
  [{ colour: 'green' }, 'colour: must be red or blue'],
  [{ limits: 1 }, 'limits: must be an object'],
  [{ colours: 'red' }, 'has no colours'],
  // A schema that has words of its own keeps them.
  [{ name: 'admin' }, 'name: this name is reserved'],
  [{ limits: { memoryBytes: 1 } }, 'limits.memoryBytes: at least 32M'],
])('%j: %s', (value, said) => {
  expect(() => check(Body, value, 'The request')).toThrow(`The request is not valid: ${said}`)
})

it('says what is missing', () => {
  expect(() => check(z.object({ name: z.string() }), {}, 'The request')).toThrow('name: is missing')
})
