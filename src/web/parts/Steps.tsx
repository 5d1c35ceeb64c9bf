import type { Operation } from '../../model/operation.js'
import { useStepWords } from '../i18n/use-step-words.js'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'
import { Spinner } from './Spinner.js'
import { useNow } from './use-now.js'

type Step = Operation['steps'][number]

function StepSign({ step, operation }: { step: Step; operation: Operation }) {
  if (step.durationMs === undefined && operation.state === 'running') return <Spinner />
  const broke = operation.state === 'failed' && step === operation.steps.at(-1)
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
  const now = useNow(running ? 100 : undefined)
  return (
    <ol className="steps">
      {operation.steps.map((step) => {
        const live = running && step.durationMs === undefined
        const ms = step.durationMs ?? (live ? Math.max(0, now - Date.parse(step.startedAt)) : undefined)
        return (
          <li key={`${step.name} ${step.startedAt}`} aria-current={live ? 'step' : undefined}>
            <StepSign step={step} operation={operation} />
            <span className="steps-name">
              {stepWords(step.name)}
              {live && operation.message && <span className="steps-message">{operation.message}</span>}
            </span>
            <span className="steps-time">{duration(ms)}</span>
          </li>
        )
      })}
    </ol>
  )
}
