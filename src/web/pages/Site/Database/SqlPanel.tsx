import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../../api/call-api.js'
import { databaseQuery } from '../../../api/database.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { useSite } from '../use-site.js'
import { RunResults } from './RunResults.js'
import { SqlEditor } from './SqlEditor.js'

// What was typed stays while other pages are looked at.
const typed = new Map<string, string>()

/** Statements and what they brought. */
export function SqlPanel() {
  const { t } = useWords()
  const { name, stack } = useSite()
  const [sql, setSql] = useState(typed.get(name) ?? '')
  const queries = useQueryClient()
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: (body: { sql: string }) => callApi('runSql', { params: { name }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: databaseQuery(name).queryKey }),
  })
  const isEmpty = sql.trim() === ''
  const run = () => {
    if (!isEmpty && !isPending) mutate({ sql })
  }
  return (
    <section className="panel panel-body" aria-labelledby="sql-title">
      <div className="panel-head">
        <h2 id="sql-title">{t('database.sql')}</h2>
        <button
          type="button"
          className="btn btn-sm btn-primary"
          title={t('database.runKeys')}
          disabled={isEmpty || isPending}
          onClick={run}
        >
          <Icon name="play-fill" size={14} />
          {t(isPending ? 'database.running' : 'database.run')}
        </button>
      </div>
      <p className="text-body-secondary">{t('database.sqlText')}</p>
      <SqlEditor
        text={sql}
        database={stack.database}
        onText={(text) => {
          typed.set(name, text)
          setSql(text)
        }}
        onRun={run}
      />
      {error && <ErrorNote error={error} />}
      {data && !error && <RunResults run={data} />}
    </section>
  )
}
