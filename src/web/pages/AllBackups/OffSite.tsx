import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiResult } from '../../../model/api.js'
import type { ListedCopy } from '../../../model/off-site.js'
import { visibleText } from '../../../model/visible-text.js'
import { fetchOffSite, offSiteQuery } from '../../api/platform.js'
import { translateServerText } from '../../i18n/server-texts.js'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Pager } from '../../parts/Pager.js'
import { Spinner } from '../../parts/Spinner.js'
import { showToast } from '../../parts/toasts.js'
import { usePage } from '../../parts/use-page.js'
import { RestoreCopy } from './RestoreCopy.js'

type Data = ApiResult<'listOffSite'>

function LastCheck({ check }: Pick<Data, 'check'>) {
  const { t, ago, language } = useWords()
  if (!check) return <p>{t('offSite.unread')}</p>
  const { at, reason } = check
  if (reason === undefined) return <p>{t('offSite.read', { ago: ago(at) })}</p>
  const why = visibleText(translateServerText(reason, language) ?? reason)
  return <p className="text-bad">{t('offSite.readBad', { ago: ago(at), why })}</p>
}

function CopyRow({ copy, onFetched }: { copy: ListedCopy; onFetched: () => void }) {
  const { t, date } = useWords()
  const [restoring, setRestoring] = useState(false)
  const [busy, setBusy] = useState(false)
  const { key, id, site, createdAt, proven, isHere } = copy
  const fetchIt = async () => {
    setBusy(true)
    await fetchOffSite(key, id).then(onFetched, (error: Error) =>
      showToast({ kind: 'error', title: t('offSite.fetchFailed'), error }),
    )
    setBusy(false)
  }
  return (
    <tr>
      <td>
        <span className="row-name">{visibleText(site)}</span>
        <span className="row-note text-nowrap">{t(proven ? 'offSite.proven' : 'offSite.unproven')}</span>
      </td>
      <td>
        {date(createdAt)}
        {isHere && <span className="row-note">{t('offSite.here')}</span>}
      </td>
      <td className="row-actions">
        {isHere ? (
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => setRestoring(true)}>
            {t('offSite.restoreAs')}
          </button>
        ) : (
          <button type="button" className="btn btn-sm btn-quiet" disabled={busy} onClick={() => void fetchIt()}>
            {busy && <Spinner />}
            {t('offSite.fetch')}
          </button>
        )}
        {restoring && <RestoreCopy copy={copy} onClose={() => setRestoring(false)} />}
      </td>
    </tr>
  )
}

/** The copies, newest first. What was fetched from here stays in view: it is to be restored next. */
function Copies({ copies }: { copies: ListedCopy[] }) {
  const { t } = useWords()
  const [all, setAll] = useState(false)
  const [fetched, setFetched] = useState<ReadonlySet<string>>(new Set())
  const shown = copies
    .filter(({ isHere, snapshot }) => all || !isHere || fetched.has(snapshot))
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  const { rows, pager } = usePage(shown)
  return (
    <>
      <select
        className="form-select state-filter mb-2"
        aria-label={t('offSite.filter')}
        value={all ? 'all' : 'only'}
        onChange={(event) => setAll(event.target.value === 'all')}
      >
        <option value="only">{t('offSite.only')}</option>
        <option value="all">{t('offSite.all')}</option>
      </select>
      {shown.length === 0 ? (
        <p className="mb-0">{t('offSite.none')}</p>
      ) : (
        <table className="table list">
          <caption className="visually-hidden">{t('offSite.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('allBackups.column.site')}</th>
              <th scope="col">{t('offSite.made')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('general.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((copy) => (
              <CopyRow
                key={copy.snapshot}
                copy={copy}
                onFetched={() => setFetched(new Set([...fetched, copy.snapshot]))}
              />
            ))}
          </tbody>
        </table>
      )}
      <Pager {...pager} />
    </>
  )
}

function Repository() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(offSiteQuery)
  return (
    <>
      {data && <LastCheck check={data.check} />}
      <p className="text-body-secondary">{t('offSite.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('offSite.asking')} />}
      {data && <Copies copies={data.copies} />}
    </>
  )
}

/** What lies in the repository elsewhere, and whether it can still be read. */
export function OffSite({ isConfigured }: { isConfigured: boolean }) {
  const { t } = useWords()
  return (
    <section className="panel panel-body" aria-labelledby="off-site-title">
      <h2 id="off-site-title">{t('offSite.title')}</h2>
      {isConfigured ? <Repository /> : <p className="mb-0">{t('offSite.unset')}</p>}
    </section>
  )
}
