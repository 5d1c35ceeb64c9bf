import { useState } from 'react'
import type { Operation } from '../../../../model/operation.js'
import { useWords } from '../../../i18n/use-words.js'
import { OperationItem } from '../../../parts/OperationItem.js'
import { useNow } from '../../../parts/use-now.js'

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
