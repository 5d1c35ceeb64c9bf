import { expect, test } from 'vitest'
import { findAllowed } from './StackFields.js'

const choice = (name: string, onlyWith = {}) => ({ name, summary: name, onlyWith })
const choices = {
  servers: [choice('nginx')],
  languages: [choice('static', { database: ['none'] }), choice('php')],
  databases: [choice('none'), choice('mariadb')],
  built: [],
}
const stack = { server: 'nginx', language: 'php', database: 'mariadb' }

test('what the other parts do not go with cannot be chosen; the part that says so can', () => {
  expect(findAllowed(choices, stack, 'database')).toEqual(['none', 'mariadb'])
  expect(findAllowed(choices, stack, 'language')).toEqual(['static', 'php'])
  expect(findAllowed(choices, { ...stack, language: 'static' }, 'database')).toEqual(['none'])
})
