import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Act, ActPage } from '../../model/activity.js'
import { visibleText } from '../../model/visible-text.js'
import { UNKNOWN, useWords } from '../i18n/use-words.js'
import { ErrorNote } from './ErrorNote.js'
import { Spinner } from './Spinner.js'

function SiteOf({ act: { site } }: { act: Act }) {
  return site === undefined ? UNKNOWN : <Link to={`/sites/${site}`}>{site}</Link>
}

function ActRow({ act, withSite }: { act: Act; withSite: boolean }) {
  const { t, ago, date } = useWords()
  // A server that is newer than the page may know more acts.
  const words: Partial<Record<string, string>> = t('activity.acts', { returnObjects: true })
  return (
    <tr>
      <td>
        <time dateTime={act.at} title={date(act.at)}>
          {ago(act.at)}
        </time>
      </td>
      <td className="text-break">
        {act.by}
        {act.byToken && <span className="row-note">{t('activity.token')}</span>}
        <span className="row-note d-sm-none">{act.from ?? t('activity.machine')}</span>
      </td>
      <td className="text-break">
        {words[act.act] ?? act.act}
        {act.about !== undefined && <span className="row-note font-monospace">{visibleText(act.about)}</span>}
        {act.code !== undefined && <span className="row-note">{t('activity.refused', { code: act.code })}</span>}
        {withSite && (
          <span className="row-note d-sm-none">
            <SiteOf act={act} />
          </span>
        )}
      </td>
      {withSite && (
        <td className="d-none d-sm-table-cell text-break">
          <SiteOf act={act} />
        </td>
      )}
      <td className="d-none d-sm-table-cell text-break">{act.from ?? t('activity.machine')}</td>
    </tr>
  )
}

interface Props {
  query: UseInfiniteQueryResult<{ pages: ActPage[] }>
  label: string
  withSite?: boolean
}

/** Who asked for what, when, from where; older ones when they are asked for. */
export function ActivityTable({ query, label, withSite = false }: Props) {
  const { t } = useWords()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  const acts = data.pages.flatMap((page) => page.acts)
  return (
    <>
      <table className="table list">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('activity.when')}</th>
            <th scope="col">{t('activity.who')}</th>
            <th scope="col">{t('activity.what')}</th>
            {withSite && (
              <th scope="col" className="d-none d-sm-table-cell">
                {t('activity.site')}
              </th>
            )}
            <th scope="col" className="d-none d-sm-table-cell">
              {t('activity.where')}
            </th>
          </tr>
        </thead>
        <tbody>
          {acts.map((act) => (
            <ActRow key={act.id} act={act} withSite={withSite} />
          ))}
        </tbody>
      </table>
      {acts.length === 0 && <p className="list-nothing">{t('activity.none')}</p>}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {hasNextPage && (
        <button
          type="button"
          className="btn btn-quiet m-3"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {isFetchingNextPage && <Spinner />}
          {t('activity.older')}
        </button>
      )}
    </>
  )
}
