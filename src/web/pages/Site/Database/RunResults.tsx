import type { DatabaseRun, StatementResult } from '../../../../model/database.js'
import { useWords } from '../../../i18n/use-words.js'
import { Icon } from '../../../parts/Icon.js'
import { DataTable } from './DataTable.js'
import { withPlaces } from './with-places.js'

function Result({ result, n }: { result: StatementResult; n: number }) {
  const { t } = useWords()
  const { columns, rows, affected, truncated } = result
  if (columns && rows)
    return (
      <>
        <DataTable label={t('database.result', { n })} columns={columns} rows={rows} />
        {rows.length === 0 && <p className="data-note">{t(truncated ? 'database.tooLarge' : 'database.noRows')}</p>}
        {truncated && rows.length > 0 && <p className="data-note">{t('database.cutRows')}</p>}
      </>
    )
  return (
    <p className="data-note">
      {affected === undefined ? t('database.done') : t('database.affected', { count: affected })}
    </p>
  )
}

function Failure({ error }: { error: NonNullable<DatabaseRun['error']> }) {
  const { t } = useWords()
  const { statement: n, line, column, message } = error
  const place =
    line === undefined
      ? t('database.failed', { n })
      : column === undefined
        ? t('database.failedAt', { n, line })
        : t('database.failedPlace', { n, line, column })
  return (
    <div className="note note-error" role="alert">
      <Icon name="exclamation-circle-fill" />
      <div>
        <p className="fw-semibold mb-1">{place}</p>
        <p className="mb-1 text-break font-monospace">{message}</p>
        {n > 1 && <p className="mb-0">{t('database.stopped')}</p>}
      </div>
    </div>
  )
}

/** What each statement brought, and which failed. */
export function RunResults({ run }: { run: DatabaseRun }) {
  const { t, duration } = useWords()
  return (
    <section className="run-results" aria-label={t('database.results')}>
      {withPlaces(run.statements).map(({ item, place }) => (
        <Result key={place} result={item} n={place + 1} />
      ))}
      {run.error && <Failure error={run.error} />}
      <p className="run-time" role="status">
        {duration(run.elapsedMs)}
      </p>
    </section>
  )
}
