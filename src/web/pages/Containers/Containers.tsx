import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PHASES, type Phase } from '../../../model/container.js'
import type { Site } from '../../../model/site.js'
import { findCpuMilli } from '../../api/cpu-rates.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { BulkBar } from '../../parts/BulkBar.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { filterSites } from '../../parts/filter-sites.js'
import { HostStrip } from '../../parts/HostStrip.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { useSelection } from '../../parts/use-selection.js'
import { ContainersTable } from './ContainersTable.js'
import { type Order, sortContainers } from './sort-containers.js'

function StateFilter({ value, onChange }: { value: Phase | ''; onChange: (state: Phase | '') => void }) {
  const { t } = useWords()
  return (
    <select
      className="form-select state-filter"
      aria-label={t('containers.filter')}
      value={value}
      onChange={(event) => onChange(event.target.value as Phase | '')}
    >
      <option value="">{t('containers.anyState')}</option>
      {PHASES.map((phase) => (
        <option key={phase} value={phase}>
          {t(`state.${phase}`)}
        </option>
      ))}
    </select>
  )
}

function useShownSites(sites: Site[]) {
  const [search, setSearch] = useState('')
  const [state, setState] = useState<Phase | ''>('')
  const [order, setOrder] = useState<Order>({ column: 'name', descending: false })
  const found = filterSites(sites, search).filter((site) => state === '' || site.state === state)
  return { shown: sortContainers(found, order, findCpuMilli), search, setSearch, state, setState, order, setOrder }
}

/** Every container of the platform, for administrators. */
export function Containers() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(sitesQuery('all'))
  const { shown, ...view } = useShownSites(data ?? [])
  const selection = useSelection(shown)
  return (
    <>
      <PageHeader title={t('containers.title')}>
        {selection.selected.length > 0 ? (
          <BulkBar selected={selection.selected} onDone={selection.keep} />
        ) : (
          <>
            <StateFilter value={view.state} onChange={view.setState} />
            <SearchField label={t('containers.search')} value={view.search} onChange={view.setSearch} />
          </>
        )}
      </PageHeader>
      <HostStrip />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.length === 0 && <EmptyState title={t('containers.empty')} />}
      {data && data.length > 0 && (
        <ContainersTable sites={shown} order={view.order} onOrder={view.setOrder} selection={selection} />
      )}
    </>
  )
}
