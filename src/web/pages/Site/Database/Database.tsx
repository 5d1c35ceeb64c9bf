import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { DatabaseTable } from '../../../../model/database.js'
import { databaseQuery, exportUrl } from '../../../api/database.js'
import { siteAccessQuery } from '../../../api/site-access.js'
import { useWords } from '../../../i18n/use-words.js'
import { EmptyState } from '../../../parts/EmptyState.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { showToast } from '../../../parts/toasts.js'
import '../../../styles/database.css'
import { DatabaseAccess } from '../Access/DatabaseAccess.js'
import { useSite } from '../use-site.js'
import { ImportDialog } from './ImportDialog.js'
import { SqlPanel } from './SqlPanel.js'
import { TableList } from './TableList.js'
import { TableRows } from './TableRows.js'

type Open = Pick<DatabaseTable, 'schema' | 'name'>

/** Which table is open is part of the address. */
function useOpenTable(): [Open | undefined, (table: Open | undefined) => void] {
  const [search, setSearch] = useSearchParams()
  const table = search.get('table')
  const schema = search.get('schema')
  const open = table === null ? undefined : { name: table, ...(schema !== null && { schema }) }
  const show = (next: Open | undefined) => {
    const { name = undefined, schema: of = undefined } = next ?? {}
    setSearch({ ...(name !== undefined && { table: name }), ...(of !== undefined && { schema: of }) })
  }
  return [open, show]
}

function Transfers({ onImport }: { onImport: () => void }) {
  const { t } = useWords()
  const { name } = useSite()
  return (
    <div className="database-tools">
      <button type="button" className="btn btn-sm btn-quiet" onClick={onImport}>
        <Icon name="upload" size={14} />
        {t('database.import')}
      </button>
      <a
        className="btn btn-sm btn-quiet"
        href={exportUrl(name, 'gz')}
        download
        title={t('database.exportHint', { file: `${name}.sql.gz` })}
      >
        <Icon name="arrow-down" size={14} />
        {t('database.export')}
      </a>
    </div>
  )
}

function Tables({ open, onOpen }: { open: Open | undefined; onOpen: (table: Open) => void }) {
  const { t, bytes } = useWords()
  const { name } = useSite()
  const [importing, setImporting] = useState(false)
  const { data, error, refetch } = useQuery(databaseQuery(name))
  const queries = useQueryClient()
  const onImported = (file: string) => showToast({ kind: 'success', title: t('database.imported', { file }) })
  return (
    <section className="panel database-tables" aria-labelledby="tables-title">
      <header className="panel-body panel-head database-head">
        <h2 id="tables-title">{t('database.tables')}</h2>
        {data && <p>{t('database.size', { size: bytes(data.sizeBytes) })}</p>}
        <Transfers onImport={() => setImporting(true)} />
      </header>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && <TableList look={data} open={open} onOpen={onOpen} />}
      {importing && (
        <ImportDialog
          onDone={onImported}
          onClose={() => {
            setImporting(false)
            void queries.invalidateQueries({ queryKey: databaseQuery(name).queryKey })
          }}
        />
      )}
    </section>
  )
}

function Access() {
  const { name } = useSite()
  const { data } = useQuery(siteAccessQuery(name))
  return data ? <DatabaseAccess database={data.database} /> : null
}

/** What is in the site's database, statements, and how it is reached. */
export function Database() {
  const { t } = useWords()
  const { stack } = useSite()
  const [open, show] = useOpenTable()
  if (stack.database === 'none')
    return (
      <EmptyState title={t('database.none')}>
        <p>{t('database.noneText')}</p>
      </EmptyState>
    )
  return (
    <>
      <Tables open={open} onOpen={show} />
      {open && <TableRows key={`${open.schema ?? ''}.${open.name}`} table={open} onClose={() => show(undefined)} />}
      <SqlPanel />
      <Access />
    </>
  )
}
