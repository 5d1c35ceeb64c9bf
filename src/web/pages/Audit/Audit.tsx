import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Act } from '../../../model/audit.js'
import { auditQuery } from '../../api/platform.js'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { useSettled } from '../../parts/use-settled.js'
import { ActsTable } from './ActsTable.js'

/** Lists that are read from a place on have no last page: one goes to older ones, and back. */
function Turn(props: { onNewer: (() => void) | undefined; onOlder: (() => void) | undefined }) {
  const { t } = useWords()
  const { onNewer, onOlder } = props
  return (
    <nav className="pager" aria-label={t('pager.label')}>
      <p />
      <button type="button" className="btn btn-sm btn-quiet" disabled={!onNewer} onClick={onNewer}>
        {t('audit.newer')}
      </button>
      <button type="button" className="btn btn-sm btn-quiet" disabled={!onOlder} onClick={onOlder}>
        {t('audit.older')}
      </button>
    </nav>
  )
}

function Acts(props: {
  acts: Act[]
  places: string[]
  next: string | undefined
  onPlaces: (places: string[]) => void
}) {
  const { t } = useWords()
  const { acts, places, next, onPlaces } = props
  return (
    <div className="panel">
      {acts.length > 0 && <ActsTable acts={acts} />}
      {acts.length === 0 && <p className="list-nothing">{t(next ? 'audit.furtherBack' : 'general.nothingFound')}</p>}
      {(places.length > 0 || next !== undefined) && (
        <Turn
          onNewer={places.length > 0 ? () => onPlaces(places.slice(0, -1)) : undefined}
          onOlder={next === undefined ? undefined : () => onPlaces([...places, next])}
        />
      )}
    </div>
  )
}

/** What the part with the rights of root was asked to do, by whom, and how it ended. */
export function Audit() {
  const { t } = useWords()
  const [filter, setFilter] = useState({ actor: '', site: '', call: '' })
  // Where each page that was turned begins; the first one begins at the end of the log.
  const [places, setPlaces] = useState<string[]>([])
  const actor = useSettled(filter.actor.trim()) || undefined
  const site = useSettled(filter.site.trim()) || undefined
  const call = useSettled(filter.call.trim()) || undefined
  const { data, error, isFetching, refetch } = useQuery(auditQuery({ actor, site, call, before: places.at(-1) }))
  const look = (change: Partial<typeof filter>) => {
    setFilter({ ...filter, ...change })
    setPlaces([])
  }
  return (
    <>
      <PageHeader title={t('audit.title')}>
        <SearchField label={t('audit.who')} value={filter.actor} onChange={(text) => look({ actor: text })} />
        <SearchField label={t('audit.site')} value={filter.site} onChange={(text) => look({ site: text })} />
        <SearchField label={t('audit.call')} value={filter.call} onChange={(text) => look({ call: text })} />
        <button type="button" className="btn btn-quiet" disabled={isFetching} onClick={() => void refetch()}>
          <Icon name="arrow-clockwise" />
          {t('audit.again')}
        </button>
      </PageHeader>
      <p className="text-body-secondary">{t('audit.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && <Acts acts={data.acts} next={data.next} places={places} onPlaces={setPlaces} />}
    </>
  )
}
