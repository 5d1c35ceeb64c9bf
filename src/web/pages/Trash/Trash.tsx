import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TrashedSite } from '../../../model/backup.js'
import { purge, trashQuery } from '../../api/backups.js'
import { callApi } from '../../api/call-api.js'
import { useMe } from '../../api/me.js'
import { queryClient } from '../../api/query-client.js'
import { useStackWords } from '../../i18n/use-stack-words.js'
import { useWords } from '../../i18n/use-words.js'
import { ConfirmDialog } from '../../parts/ConfirmDialog.js'
import { CopyDialog } from '../../parts/CopyDialog.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import '../../styles/backups.css'

function Recover({ site, onClose }: { site: TrashedSite; onClose: () => void }) {
  const { t } = useWords()
  return (
    <CopyDialog
      title={t('trash.recoverTitle', { name: site.name })}
      action={t('trash.recover')}
      name={site.name}
      onCopy={async (name) => {
        const started = await callApi('recoverSite', { params: { id: site.id }, body: { name } })
        void queryClient.invalidateQueries({ queryKey: ['trash'] })
        return started
      }}
      onClose={onClose}
    >
      <p>{t('trash.recoverText')}</p>
    </CopyDialog>
  )
}

function TrashedRow({ site }: { site: TrashedSite }) {
  const { t, ago, date } = useWords()
  const { stackOf } = useStackWords()
  const [asked, setAsked] = useState<'recover' | 'purge'>()
  const close = () => setAsked(undefined)
  return (
    <li>
      <div className="backup-what">
        <span className="row-name">{site.name}</span>
        <span className="row-note">
          {stackOf(site.stack)} · {site.owner}
        </span>
      </div>
      <span className="proof text-body-secondary">
        <span>
          {t('trash.deleted', { ago: ago(site.deletedAt) })}
          <span className="row-note">{t('trash.gone', { when: date(site.goneAt) })}</span>
        </span>
      </span>
      <div className="backup-tools">
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => setAsked('recover')}>
          {t('trash.recover')}
        </button>
        <button type="button" className="btn btn-sm btn-outline-danger" onClick={() => setAsked('purge')}>
          {t('trash.purge')}
        </button>
      </div>
      {asked === 'recover' && <Recover site={site} onClose={close} />}
      {asked === 'purge' && (
        <ConfirmDialog
          title={t('trash.purgeTitle', { name: site.name })}
          action={t('trash.purge')}
          danger
          typed={site.name}
          onConfirm={() => purge(site.id)}
          onClose={close}
        >
          <p className="mb-0">{t('trash.purgeText')}</p>
        </ConfirmDialog>
      )}
    </li>
  )
}

/** Deleted sites, as long as they can be brought back: the person's own; for administrators everybody's. */
export function Trash() {
  const { t } = useWords()
  const { administrator } = useMe()
  const { data, error, refetch } = useQuery(trashQuery(administrator))
  return (
    <>
      <PageHeader title={t('nav.trash')} />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.length === 0 && (
        <EmptyState title={t('trash.empty')}>
          <p>{t('trash.emptyText')}</p>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <div className="panel">
          <ul className="backup-list">
            {data.map((site) => (
              <TrashedRow key={site.id} site={site} />
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
