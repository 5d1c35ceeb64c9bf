import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { OPERATIONS_PER_PAGE } from '../../../model/api/operations.js'
import { isAboutTemplates, OPERATION_STATES, type Operation } from '../../../model/operation.js'
import { visibleText } from '../../../model/visible-text.js'
import { searchQuery } from '../../api/operations.js'
import { useWords } from '../../i18n/use-words.js'
import { CancelButton } from '../../parts/CancelButton.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { OperationItem } from '../../parts/OperationItem.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Pager } from '../../parts/Pager.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { useNow } from '../../parts/use-now.js'
import { useSettled } from '../../parts/use-settled.js'

type State = Operation['state']

function StateFilter({ value, onChange }: { value: State | undefined; onChange: (state: State | undefined) => void }) {
  const { t } = useWords()
  return (
    <select
      className="form-select state-filter"
      aria-label={t('operations.state')}
      value={value ?? ''}
      onChange={(event) => onChange(OPERATION_STATES.find((state) => state === event.target.value))}
    >
      <option value="">{t('operations.anyState')}</option>
      {OPERATION_STATES.map((state) => (
        <option key={state} value={state}>
          {t(`operation.state.${state}`)}
        </option>
      ))}
    </select>
  )
}

function Subject({ operation: { kind, subject } }: { operation: Operation }) {
  const shown = visibleText(subject)
  return isAboutTemplates(kind) ? shown : <Link to={`/sites/${encodeURIComponent(subject)}`}>{shown}</Link>
}

function OperationRow({ operation }: { operation: Operation }) {
  const { t, date } = useWords()
  const { log } = operation
  return (
    <div className="operation-row">
      <OperationItem operation={operation} subject={visibleText(operation.subject)}>
        <p className="small mb-0 mt-2">
          <Subject operation={operation} /> · {visibleText(operation.by)} · {date(operation.createdAt)}
        </p>
        {log.length > 0 && (
          <textarea
            className="log"
            readOnly
            rows={Math.min(12, log.length + 1)}
            wrap="off"
            aria-label={t('operations.log')}
            value={log.map(visibleText).join('\n')}
          />
        )}
      </OperationItem>
      <CancelButton operation={operation} />
    </div>
  )
}

/** What was done to every site and template, by whom, and how it went. */
export function Operations() {
  const { t } = useWords()
  const [state, setState] = useState<State>()
  const [site, setSite] = useState('')
  const [person, setPerson] = useState('')
  const [page, setPage] = useState(0)
  const asked = { site: useSettled(site.trim()) || undefined, person: useSettled(person.trim()) || undefined }
  const { data, error, refetch } = useQuery(searchQuery({ page, state, ...asked }))
  useNow(30_000)
  // Another filter begins at its first page.
  const first =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value)
      setPage(0)
    }
  return (
    <>
      <PageHeader title={t('operations.title')}>
        <StateFilter value={state} onChange={first(setState)} />
        <SearchField label={t('operations.site')} value={site} onChange={first(setSite)} />
        <SearchField label={t('operations.person')} value={person} onChange={first(setPerson)} />
      </PageHeader>
      <p className="text-body-secondary">{t('operations.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && (
        <section className="panel" aria-label={t('operations.title')}>
          {data.operations.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
          {data.operations.map((operation) => (
            <OperationRow key={operation.id} operation={operation} />
          ))}
          <Pager page={page} size={OPERATIONS_PER_PAGE} count={data.count} onPage={setPage} />
        </section>
      )}
    </>
  )
}
