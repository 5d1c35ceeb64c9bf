import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DatabaseTable } from '../../../../model/database.js'
import { rowsQuery, type ShownRows } from '../../../api/database.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { DataTable } from './DataTable.js'
import { titleOf } from './title-of.js'

/** Pages of a table, in the order of a column when one is chosen. */
export function TableRows({ table, onClose }: { table: Pick<DatabaseTable, 'schema' | 'name'>; onClose: () => void }) {
  const { t, number } = useWords()
  const { name } = useSite()
  const [order, setOrder] = useState<Pick<ShownRows, 'sort' | 'direction'>>({ direction: 'up' })
  const [starts, setStarts] = useState([0])
  const offset = starts.at(-1) ?? 0
  const { schema } = table
  const shown = { table: table.name, ...(schema !== undefined && { schema }), ...order, offset }
  const { data, error, refetch } = useQuery(rowsQuery(name, shown))
  const title = t('database.open', { table: titleOf(table) })
  const onSort = (column: string) => {
    setStarts([0])
    setOrder((now) => ({ sort: column, direction: now.sort === column && now.direction === 'up' ? 'down' : 'up' }))
  }
  return (
    <section className="panel panel-body" aria-labelledby="rows-title">
      <div className="panel-head">
        <h2 id="rows-title">{title}</h2>
        <button type="button" className="icon-button" aria-label={t('database.close')} onClick={onClose}>
          <Icon name="x-lg" size={12} />
        </button>
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && !error && (
        <>
          <DataTable
            label={t('database.rows')}
            columns={data.columns}
            rows={data.rows}
            sorting={{ column: order.sort, direction: order.direction, onSort }}
          />
          {data.rows.length === 0 && (
            <p className="data-note">{t(data.more ? 'database.tooLarge' : 'database.noRows')}</p>
          )}
          {(data.more || offset > 0) && (
            <nav className="pager" aria-label={t('database.pages')}>
              <p>{t('database.shown', { from: number(offset + 1), to: number(offset + data.rows.length) })}</p>
              <button
                type="button"
                className="btn btn-sm btn-quiet"
                disabled={starts.length === 1}
                onClick={() => setStarts(starts.slice(0, -1))}
              >
                {t('database.before')}
              </button>
              <button
                type="button"
                className="btn btn-sm btn-quiet"
                disabled={!data.more || data.rows.length === 0}
                onClick={() => setStarts([...starts, offset + data.rows.length])}
              >
                {t('database.after')}
              </button>
            </nav>
          )}
        </>
      )}
    </section>
  )
}
