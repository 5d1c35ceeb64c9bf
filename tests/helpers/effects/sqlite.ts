// Takes the place of @photostructure/sqlite in a server that is watched: its own classes cannot be changed.
import { createRequire } from 'node:module'
import { findKeeper } from './keeper.js'

interface Statement {
  columns(): unknown[]
  run(...values: unknown[]): unknown
  all(...values: unknown[]): unknown
}
interface Connection {
  prepare(sql: string): Statement
}

const load = createRequire(import.meta.url)
const real = load('@photostructure/sqlite') as { DatabaseSync: new (file: string) => Connection }

const CHANGES = /^\s*(insert|update|delete|commit|create|drop|alter)\b/i

/** Every change of the register that is durable by itself is an effect: commits, and statements outside a transaction. */
export const DatabaseSync = function DatabaseSync(file: string): Connection {
  const connection = new real.DatabaseSync(file)
  const prepare = connection.prepare.bind(connection)
  let isOpen = false
  const run = (sql: string, act: () => unknown): unknown => {
    if (/^\s*(commit|rollback)\b/i.test(sql)) isOpen = false
    const keeper = findKeeper()
    if (isOpen || keeper === undefined || !CHANGES.test(sql)) {
      if (/^\s*begin\b/i.test(sql)) isOpen = true
      return act()
    }
    const { effect } = keeper.enter(`register ${sql.trim().split(/\s+/).slice(0, 3).join(' ')}`)
    const result = act()
    keeper.pass('after', effect)
    return result
  }
  const watch = (sql: string): Statement => {
    const statement = prepare(sql)
    for (const verb of ['run', 'all'] as const) {
      const original = statement[verb].bind(statement)
      Object.defineProperty(statement, verb, { value: (...values: unknown[]) => run(sql, () => original(...values)) })
    }
    return statement
  }
  Object.defineProperty(connection, 'prepare', { value: watch })
  return connection
}
