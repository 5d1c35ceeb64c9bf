import type { SiteDatabase } from '../engine.js'
import type { Ask } from './ask.js'

/** Longer than statements may run, and than a site may need to wake. */
const SILENCE_MS = 120_000

const NO_INPUT = new Uint8Array()

/** The database of one site through the agent, in the name of `actor`. */
export function localDatabase(ask: Ask, id: string, actor: string): SiteDatabase {
  const options = { actor, silenceMs: SILENCE_MS }
  return {
    look: () => ask('database.look', { id }, options),
    rows: (page) => ask('database.rows', { id, ...page }, options),
    run: (sql) => ask('database.run', { id, sql }, options),
    export: async (format, { take, signal }) => {
      await ask('database.export', { id, format }, { actor, signal, stdin: NO_INPUT, onStdout: take })
    },
    import: async (dump, content, signal) => {
      await ask('database.import', { id, ...dump }, { actor, signal, stdin: content })
    },
  }
}
