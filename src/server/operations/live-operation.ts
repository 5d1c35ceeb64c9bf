import { type AppError, toErrorBody } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Note, Progress } from '../../model/progress.js'

const LOG_LINES = 500

/** An operation while it runs: its steps are timed from the progress that is noted. */
export interface LiveOperation {
  readonly id: string
  /** How it stands now; a copy. */
  look(): Operation
  note: Note
  end(state: 'done' | 'failed' | 'cancelled', error?: AppError): void
}

type Start = Pick<Operation, 'id' | 'kind' | 'subject' | 'by' | 'cancellable'>

export function beginOperation(start: Start, now: () => Date, onChange: () => void): LiveOperation {
  const operation: Operation = { ...start, state: 'running', createdAt: now().toISOString(), steps: [], log: [] }
  let stepBegan = 0

  const closeStep = () => {
    const step = operation.steps.at(-1)
    if (step && step.durationMs === undefined) step.durationMs = Math.round((performance.now() - stepBegan) * 10) / 10
  }
  const openStep = (name: string) => {
    closeStep()
    stepBegan = performance.now()
    operation.steps.push({ name, startedAt: now().toISOString() })
    delete operation.message
    delete operation.percent
  }
  // One that ran beside another was never opened: it goes before the one that still runs.
  const finishStep = (name: string, durationMs: number) => {
    const last = operation.steps.at(-1)
    if (last?.name === name && last.durationMs === undefined) last.durationMs = durationMs
    else {
      const startedAt = new Date(now().getTime() - durationMs).toISOString()
      operation.steps.splice(last && last.durationMs === undefined ? -1 : operation.steps.length, 0, {
        name,
        startedAt,
        durationMs,
      })
    }
  }
  const note = ({ step, message, percent, durationMs }: Progress) => {
    if (operation.state !== 'running') return
    if (durationMs !== undefined) finishStep(step, durationMs)
    else if (operation.steps.at(-1)?.name !== step) openStep(step)
    if (message !== undefined) {
      operation.message = message
      operation.log.push(`${step}: ${message}`)
      if (operation.log.length > LOG_LINES) operation.log.splice(0, operation.log.length - LOG_LINES)
    }
    if (percent !== undefined) operation.percent = percent
    onChange()
  }
  return {
    id: start.id,
    look: () => structuredClone(operation),
    note,
    end(state, error) {
      closeStep()
      operation.state = state
      operation.endedAt = now().toISOString()
      delete operation.message
      delete operation.percent
      delete operation.cancellable
      if (error) operation.error = toErrorBody(error, start.id)
      if (error) operation.log.push(`${state}: ${error.message}`)
      onChange()
    },
  }
}
