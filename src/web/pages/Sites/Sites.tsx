import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { isAboutTemplates, type Operation } from '../../../model/operation.js'
import type { Site } from '../../../model/site.js'
import { useMe } from '../../api/me.js'
import { operationsQuery } from '../../api/operations.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { BulkBar } from '../../parts/BulkBar.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { filterSites } from '../../parts/filter-sites.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Pager } from '../../parts/Pager.js'
import { SearchField } from '../../parts/SearchField.js'
import { SelectAllHead } from '../../parts/SelectBoxes.js'
import { Spinner } from '../../parts/Spinner.js'
import { useNow } from '../../parts/use-now.js'
import { usePage } from '../../parts/use-page.js'
import { type Selection, useSelection } from '../../parts/use-selection.js'
import { SiteRow } from './SiteRow.js'

function CreateLink() {
  const { t } = useWords()
  return (
    <Link to="/create" className="btn btn-primary">
      <Icon name="plus-lg" />
      {t('sites.create')}
    </Link>
  )
}

/** What was done last to the site, as far as it is remembered: the list is newest first. */
function findLast(operations: Operation[] = [], name: string): Operation | undefined {
  return operations.find(({ kind, subject }) => subject === name && !isAboutTemplates(kind))
}

function SitesTable({ sites, selection }: { sites: Site[]; selection: Selection }) {
  const { t } = useWords()
  const { rows, pager } = usePage(sites)
  const { data: operations } = useQuery(operationsQuery)
  useNow(30_000)
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('sites.title')}</caption>
        <thead>
          <tr>
            <SelectAllHead selection={selection} />
            <th scope="col">{t('site.name')}</th>
            <th scope="col">{t('site.state')}</th>
            <th scope="col" className="d-none d-sm-table-cell">
              {t('site.address')}
            </th>
            <th scope="col" className="list-meter d-none d-lg-table-cell">
              {t('usage.memory')}
            </th>
            <th scope="col" className="list-meter d-none d-lg-table-cell">
              {t('usage.disk')}
            </th>
            <th scope="col" className="d-none d-xl-table-cell">
              {t('sites.last')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('general.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((site) => (
            <SiteRow key={site.name} site={site} last={findLast(operations, site.name)} selection={selection} />
          ))}
        </tbody>
      </table>
      {sites.length === 0 && <p className="list-nothing">{t('general.nothingFound')}</p>}
      <Pager {...pager} />
    </div>
  )
}

function NoSites() {
  const { t } = useWords()
  const { mayCreate } = useMe()
  return (
    <EmptyState title={t('sites.emptyTitle')}>
      <p>{t(mayCreate ? 'sites.emptyText' : 'sites.mayNot')}</p>
      {mayCreate && <CreateLink />}
    </EmptyState>
  )
}

/** The person's own sites. */
export function Sites() {
  const { t } = useWords()
  const { mayCreate } = useMe()
  const { data: sites, error, refetch } = useQuery(sitesQuery('mine'))
  const [search, setSearch] = useState('')
  const some = sites !== undefined && sites.length > 0
  const shown = filterSites(sites ?? [], search)
  const selection = useSelection(shown)
  const { selected, keep } = selection
  return (
    <>
      <PageHeader title={t('sites.title')}>
        {selected.length > 0 ? (
          <BulkBar selected={selected} onDone={keep} />
        ) : (
          <>
            {some && <SearchField label={t('sites.search')} value={search} onChange={setSearch} />}
            {some && mayCreate && <CreateLink />}
          </>
        )}
      </PageHeader>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!sites && !error && <Spinner label={t('general.loading')} />}
      {some && <SitesTable sites={shown} selection={selection} />}
      {sites?.length === 0 && <NoSites />}
    </>
  )
}
