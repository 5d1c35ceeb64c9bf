import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListedBackups } from '../../../model/api/backups.js'
import { backUp } from '../../api/backups.js'
import { allBackupsQuery } from '../../api/platform.js'
import { useWords } from '../../i18n/use-words.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { useBulk } from '../../parts/use-bulk.js'
import { findBackups, needsAttention, SHOWN, type Shown } from './find-backups.js'
import { OffSite } from './OffSite.js'
import { SitesTable } from './SitesTable.js'
import '../../styles/backups.css'

function ShownFilter({ value, onChange }: { value: Shown; onChange: (shown: Shown) => void }) {
  const { t } = useWords()
  return (
    <select
      className="form-select state-filter"
      aria-label={t('allBackups.filter')}
      value={value}
      onChange={(event) => onChange(event.target.value as Shown)}
    >
      {SHOWN.map((shown) => (
        <option key={shown} value={shown}>
          {t(`allBackups.show.${shown}`)}
        </option>
      ))}
    </select>
  )
}

/** What can be done with the selected sites. Stands where the page's own actions were. */
function BackUpBar({ selected, onDone }: { selected: string[]; onDone: (refused: string[]) => void }) {
  const { t } = useWords()
  const doToAll = useBulk()
  const [busy, setBusy] = useState(false)
  const backUpAll = async () => {
    setBusy(true)
    onDone(await doToAll(selected, backUp))
    setBusy(false)
  }
  return (
    <section className="bulk-bar" aria-label={t('allBackups.selected')}>
      <p role="status">{t('bulk.selected', { count: selected.length })}</p>
      <button type="button" className="btn btn-sm btn-quiet" disabled={busy} onClick={() => void backUpAll()}>
        {busy ? <Spinner /> : <Icon name="floppy" size={14} />}
        {t('allBackups.now')}
      </button>
      <button type="button" className="btn btn-sm btn-quiet" onClick={() => onDone([])}>
        {t('bulk.none')}
      </button>
    </section>
  )
}

function Summary({ sites, onShow }: { sites: ListedBackups[]; onShow: () => void }) {
  const { t } = useWords()
  const count = sites.filter((one) => needsAttention(one, Date.now())).length
  return (
    <div className={`note align-items-center ${count > 0 ? 'note-warn' : ''}`} role="status">
      <Icon name={count > 0 ? 'exclamation-triangle' : 'check-circle-fill'} />
      <div>
        <strong>{count > 0 ? t('allBackups.attention', { count }) : t('allBackups.good')}</strong>
        {' · '}
        {t('allBackups.found', { count: sites.length })}
      </div>
      {count > 0 && (
        <button type="button" className="btn btn-sm btn-quiet ms-auto" onClick={onShow}>
          {t('allBackups.showThem')}
        </button>
      )}
    </div>
  )
}

/** Which sites could be brought back, and from where. */
export function AllBackups() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(allBackupsQuery)
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const found = findBackups(data?.sites ?? [], search, shown, Date.now())
  const selected = found.map(({ site }) => site).filter((site) => selection.has(site))
  return (
    <>
      <PageHeader title={t('allBackups.title')}>
        {selected.length > 0 ? (
          <BackUpBar selected={selected} onDone={(refused) => setSelection(new Set(refused))} />
        ) : (
          <>
            <ShownFilter value={shown} onChange={setShown} />
            <SearchField label={t('allBackups.search')} value={search} onChange={setSearch} />
          </>
        )}
      </PageHeader>
      <p className="text-body-secondary">{t('allBackups.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.sites.length === 0 && <EmptyState title={t('allBackups.empty')} />}
      {data && data.sites.length > 0 && (
        <>
          <Summary sites={data.sites} onShow={() => setShown('attention')} />
          <SitesTable sites={found} selection={selection} onSelection={setSelection} />
        </>
      )}
      {data && <OffSite isConfigured={data.hasOffSite} />}
    </>
  )
}
