import type { Log } from './containers/log.js'
import { ProgramFailure } from './host/run.js'
import { plainJson } from './plain-json.js'

/** Writes one JSON object a line. */
export function openLog(write: (line: string) => void): Log {
  const add = (level: string, event: string, facts: object = {}): void => {
    const entries = Object.entries(facts).map(([name, value]) => [
      name,
      value instanceof Error ? errorFacts(value) : value,
    ])
    write(`${plainJson({ time: new Date().toISOString(), level, event, ...Object.fromEntries(entries) })}\n`)
  }
  return {
    info: (event, facts) => add('info', event, facts),
    warn: (event, facts) => add('warn', event, facts),
    error: (event, facts) => add('error', event, facts),
  }
}

const DEEPEST_CAUSE = 4

function errorFacts(error: Error, depth = 0): object {
  return {
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...(depth === 0 && { stack: error.stack }),
    ...(error instanceof ProgramFailure && {
      program: error.program,
      args: error.args,
      stderr: error.stderr.slice(-2000),
    }),
    ...(error.cause instanceof Error && depth < DEEPEST_CAUSE && { cause: errorFacts(error.cause, depth + 1) }),
  }
}
