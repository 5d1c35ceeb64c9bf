import { visibleText } from '../../model/visible-text.js'
import { ApiError } from '../api/api-error.js'
import { useErrorWords } from '../i18n/use-error-words.js'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'

/** What an error says: its message, what to do next, and where the log has more. */
export function ErrorText({ error }: { error: Error }) {
  const { t } = useWords()
  const { message, hint } = useErrorWords()(error)
  const id = error instanceof ApiError ? error.id : undefined
  return (
    <>
      <p className="mb-0 text-break">{visibleText(message)}</p>
      {hint && <p className="mb-0 mt-1 text-break">{visibleText(hint)}</p>}
      {id && (
        <details className="small mt-1">
          <summary>{t('error.details')}</summary>
          {t('error.logId')} <code className="user-select-all">{id}</code>
        </details>
      )}
    </>
  )
}

/** An error in its place on a page. */
export function ErrorNote({ error, title, onRetry }: { error: Error; title?: string; onRetry?: () => void }) {
  const { t } = useWords()
  return (
    <div className="note note-error" role="alert">
      <Icon name="exclamation-circle-fill" />
      <div>
        {title && <p className="fw-semibold mb-1">{title}</p>}
        <ErrorText error={error} />
        {onRetry && (
          <button type="button" className="btn btn-sm btn-quiet mt-2" onClick={onRetry}>
            {t('action.tryAgain')}
          </button>
        )}
      </div>
    </div>
  )
}
