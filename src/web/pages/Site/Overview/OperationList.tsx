import { useState } from 'react'
import type { Operation } from '../../../../model/operation.js'
import { ApiError } from '../../../api/api-error.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorText } from '../../../parts/ErrorNote.js'
import { Icon, type IconName } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { Steps } from '../../../parts/Steps.js'
import { useNow } from '../../../parts/use-now.js'

const SIGNS: Record<Exclude<Operation['state'], 'running'>, { icon: IconName; className: string }> = {
  done: { icon: 'check-circle-fill', className: 'text-ok' },
  failed: { icon: 'exclamation-circle-fill', className: 'text-bad' },
  cancelled: { icon: 'x-lg', className: 'text-body-secondary' },
}

function OperationSign({ state }: { state: Operation['state'] }) {
  const { t } = useWords()
  if (state === 'running') return <Spinner label={t('operation.state.running')} />
  const { icon, className } = SIGNS[state]
  return (
    <span className={className}>
      <Icon name={icon} />
      <span className="visually-hidden">{t(`operation.state.${state}`)}</span>
    </span>
  )
}

function OperationItem({ operation }: { operation: Operation }) {
  const { t, ago, date, duration } = useWords()
  const tookMs = operation.endedAt ? Date.parse(operation.endedAt) - Date.parse(operation.createdAt) : undefined
  return (
    <details className="operation">
      <summary>
        <OperationSign state={operation.state} />
        <span className="operation-kind">{t(`operation.kind.${operation.kind}`)}</span>
        <span className="operation-by">{operation.by}</span>
        <span className="operation-time">{duration(tookMs)}</span>
        <time dateTime={operation.createdAt} title={date(operation.createdAt)}>
          {ago(operation.createdAt)}
        </time>
      </summary>
      <div className="operation-body">
        <Steps operation={operation} />
        {operation.error && (
          <div className="note note-error">
            <Icon name="exclamation-circle-fill" />
            <div>
              <ErrorText error={new ApiError(operation.error, 500)} />
            </div>
          </div>
        )}
      </div>
    </details>
  )
}

const FIRST = 5

/** What was done to the site, newest first, each with its timed steps. */
export function OperationList({ operations }: { operations: Operation[] }) {
  const { t } = useWords()
  const [all, setAll] = useState(false)
  useNow(30_000)
  return (
    <section className="panel" aria-labelledby="operations-title">
      <h2 id="operations-title" className="panel-title">
        {t('overview.operations')}
      </h2>
      {operations.length === 0 && <p className="list-nothing">{t('overview.noOperations')}</p>}
      {operations.slice(0, all ? undefined : FIRST).map((operation) => (
        <OperationItem key={operation.id} operation={operation} />
      ))}
      {!all && operations.length > FIRST && (
        <button type="button" className="btn btn-quiet panel-more" onClick={() => setAll(true)}>
          {t('overview.showAll', { count: operations.length })}
        </button>
      )}
    </section>
  )
}
