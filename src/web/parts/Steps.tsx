import type { Operation } from '../../model/operation.js'
import { useStepWords } from '../i18n/use-step-words.js'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'
import { mergeSteps, type ShownStep } from './merge-steps.js'
import { Spinner } from './Spinner.js'
import { useNow } from './use-now.js'

function StepSign({ step, operation }: { step: ShownStep; operation: Operation }) {
  if (step.durationMs === undefined && operation.state === 'running') return <Spinner />
  const broke = operation.state === 'failed' && step.name === operation.steps.at(-1)?.name
  return (
    <span className={broke ? 'text-bad' : 'text-ok'}>
      <Icon name={broke ? 'exclamation-circle-fill' : 'check-circle-fill'} />
    </span>
  )
}

/** The steps of an operation with the time each took; the running one counts. */
export function Steps({ operation }: { operation: Operation }) {
  const { duration } = useWords()
  const stepWords = useStepWords()
  const running = operation.state === 'running'
  // How long a step took is said at its end of the line.
  const message = /^[\d.]+ ms$/.test(operation.message ?? '') ? undefined : operation.message
  const now = useNow(running ? 100 : undefined)
  return (
    <ol className="steps">
      {mergeSteps(operation.steps).map((step) => {
        const live = running && step.durationMs === undefined
        const ms = step.durationMs ?? (live ? Math.max(0, now - Date.parse(step.startedAt)) : undefined)
        return (
          <li key={step.key} aria-current={live ? 'step' : undefined}>
            <StepSign step={step} operation={operation} />
            <span className="steps-name">
              {stepWords(step.name)}
              {live && message && <span className="steps-message">{message}</span>}
            </span>
            <span className="steps-time">{duration(ms)}</span>
          </li>
        )
      })}
    </ol>
  )
}
