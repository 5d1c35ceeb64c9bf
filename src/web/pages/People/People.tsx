import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DEFAULT_QUOTA } from '../../../model/limits.js'
import type { Person } from '../../../model/person.js'
import { peopleQuery } from '../../api/people.js'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { toLimitForm } from '../../parts/limit-form.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Pager } from '../../parts/Pager.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { PersonDialog } from './PersonDialog.js'
import { PersonRow } from './PersonRow.js'

const PAGE = 50
const NEW_PERSON = {
  login: '',
  decision: 'allowed',
  ownQuota: false,
  sites: String(DEFAULT_QUOTA.sites),
  limits: toLimitForm(DEFAULT_QUOTA),
  reason: '',
} as const

function PeopleTable({ people }: { people: Person[] }) {
  const { t } = useWords()
  const [wantedPage, setPage] = useState(0)
  const page = Math.min(wantedPage, Math.max(0, Math.ceil(people.length / PAGE) - 1))
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('people.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('people.name')}</th>
            <th scope="col">{t('people.right')}</th>
            <th scope="col" className="list-meter d-none d-md-table-cell">
              {t('quota.sites')}
            </th>
            <th scope="col" className="list-meter d-none d-lg-table-cell">
              {t('usage.memory')}
            </th>
            <th scope="col" className="list-meter d-none d-lg-table-cell">
              {t('usage.disk')}
            </th>
            <th scope="col" className="d-none d-xl-table-cell">
              {t('people.sites')}
            </th>
            <th scope="col" className="d-none d-xl-table-cell">
              {t('people.lastSignIn')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('general.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.slice(page * PAGE, (page + 1) * PAGE).map((person) => (
            <PersonRow key={person.login} person={person} />
          ))}
        </tbody>
      </table>
      {people.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager page={page} size={PAGE} count={people.length} onPage={setPage} />
    </div>
  )
}

/** Who may create sites, with which quota, and which sites are theirs. */
export function People() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(peopleQuery)
  const [search, setSearch] = useState('')
  const [adding, setAdding] = useState(false)
  const wanted = search.trim().toLowerCase()
  const found = data?.filter(({ login, name, sites }) =>
    [login, name, ...sites].join(' ').toLowerCase().includes(wanted),
  )
  return (
    <>
      <PageHeader title={t('people.title')}>
        <SearchField label={t('people.search')} value={search} onChange={setSearch} />
        <button type="button" className="btn btn-primary" onClick={() => setAdding(true)}>
          <Icon name="plus-lg" />
          {t('people.add')}
        </button>
      </PageHeader>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!found && !error && <Spinner label={t('general.loading')} />}
      {found && <PeopleTable people={found} />}
      {adding && (
        <PersonDialog
          title={t('people.add')}
          values={{ ...NEW_PERSON }}
          known={false}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}
