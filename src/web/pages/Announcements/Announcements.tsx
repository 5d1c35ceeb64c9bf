import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Announcement } from '../../../model/announcement.js'
import { announcementsQuery } from '../../api/announcements.js'
import { useWords } from '../../i18n/use-words.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import { AnnouncementDialog } from './AnnouncementDialog.js'
import { AnnouncementRow } from './AnnouncementRow.js'
import { NEW_ANNOUNCEMENT } from './announcement-form.js'

function AnnouncementsTable({ announcements }: { announcements: Announcement[] }) {
  const { t } = useWords()
  return (
    <div className="panel">
      <table className="table list">
        <caption className="visually-hidden">{t('announcements.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('announcements.text')}</th>
            <th scope="col" className="d-none d-md-table-cell">
              {t('announcements.stateTitle')}
            </th>
            <th scope="col" className="d-none d-sm-table-cell">
              {t('announcements.when')}
            </th>
            <th scope="col" className="d-none d-lg-table-cell">
              {t('announcements.by')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('general.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {announcements.map((one) => (
            <AnnouncementRow key={one.id} announcement={one} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What administrators tell everybody. */
export function Announcements() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(announcementsQuery)
  const [adding, setAdding] = useState(false)
  return (
    <>
      <PageHeader title={t('announcements.title')}>
        <button type="button" className="btn btn-primary" onClick={() => setAdding(true)}>
          <Icon name="plus-lg" />
          {t('announcements.add')}
        </button>
      </PageHeader>
      <p className="text-body-secondary">{t('announcements.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.length === 0 && (
        <EmptyState title={t('announcements.emptyTitle')}>
          <p>{t('announcements.emptyText')}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && <AnnouncementsTable announcements={data} />}
      {adding && <AnnouncementDialog values={NEW_ANNOUNCEMENT} onClose={() => setAdding(false)} />}
    </>
  )
}
