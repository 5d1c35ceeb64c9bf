import { expect, test } from 'vitest'
import * as z from 'zod'
import { readAnswer } from './database.js'

const Form = z.object({ tables: z.number() })
const read = (stdout: string, exitCode = 0, stderr = '') => readAnswer(Form, { exitCode, stdout, stderr })
const refuse = (message: string) => () => read(JSON.stringify({ refused: { code: 'invalid', message } }))

test('an answer of the right form goes on', () => {
  expect(read('{"tables": 3}')).toEqual({ tables: 3 })
})

test.each(['', 'no JSON', '{"tables": "many"}', '{}', 'null'])('%j is no answer', (stdout) => {
  expect(() => read(stdout)).toThrow(expect.objectContaining({ code: 'host_failed' }) as Error)
})

test('an answer of a client that failed is none', () => {
  expect(() => read('{"tables": 3}', 1)).toThrow(expect.objectContaining({ code: 'host_failed' }) as Error)
})

test('a refusal is told in the client’s words', () => {
  expect(refuse('no such table: pages')).toThrow('no such table: pages')
})

test('AGT-7: a site that refuses with megabytes or with commands for a terminal says one short plain line', () => {
  expect(refuse('a\u001b]0;owned\u0007\nb')).toThrow(/^a ]0;owned b$/)
  expect(refuse('x'.repeat(2_000_000))).toThrow(/^x{1000}$/)
})
