import type { ReactNode } from 'react'
import type { Operation } from '../../model/operation.js'
import { visibleText } from '../../model/visible-text.js'
import { ApiError } from '../api/api-error.js'
import { useWords } from '../i18n/use-words.js'
import { ErrorText } from './ErrorNote.js'
import { Icon, type IconName } from './Icon.js'
import { Spinner } from './Spinner.js'
import { Steps } from './Steps.js'

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

interface Props {
  operation: Operation
  /** What it is about, where that is not said by the page. */
  subject?: ReactNode
  /** What can be done with it. */
  children?: ReactNode
}

/** One operation on a line; opened, with its timed steps and why it failed. */
export function OperationItem({ operation, subject, children }: Props) {
  const { t, ago, date, duration } = useWords()
  const tookMs = operation.endedAt ? Date.parse(operation.endedAt) - Date.parse(operation.createdAt) : undefined
  return (
    <details className="operation">
      <summary>
        <OperationSign state={operation.state} />
        <span className="operation-kind">
          {t(`operation.kind.${operation.kind}`)}
          {subject !== undefined && <span className="operation-subject">{subject}</span>}
        </span>
        <span className="operation-by">{visibleText(operation.by)}</span>
        <span className="operation-time">{duration(tookMs)}</span>
        <time dateTime={operation.createdAt} title={date(operation.createdAt)}>
          {ago(operation.createdAt)}
        </time>
      </summary>
      <div className="operation-body">
        <Steps operation={operation} />
        {children}
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
