import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiResult } from '../../../../model/api.js'
import { backUp, backupsQuery, fetchBackup } from '../../../api/backups.js'
import { callApi } from '../../../api/call-api.js'
import { useWords } from '../../../i18n/use-words.js'
import { CopyDialog } from '../../../parts/CopyDialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { BackupItem } from './BackupItem.js'
import { PlanForm } from './PlanForm.js'

/** Backs up now, or makes another site of this one as it is. */
function NowButtons() {
  const { t } = useWords()
  const { name, operation } = useSite()
  const [copying, setCopying] = useState(false)
  const [error, setError] = useState<Error>()
  const busy = operation !== undefined
  const start = () => {
    setError(undefined)
    backUp(name).catch(setError)
  }
  return (
    <>
      <div className="button-row">
        <button type="button" className="btn btn-primary" disabled={busy} onClick={start}>
          <Icon name="floppy" />
          {t('backups.now')}
        </button>
        <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => setCopying(true)}>
          <Icon name="copy" />
          {t('backups.clone')}
        </button>
      </div>
      {error && <ErrorNote error={error} />}
      {copying && (
        <CopyDialog
          title={t('backups.clone')}
          action={t('backups.cloneAction')}
          name={`${name}-copy`}
          onCopy={(copy) => callApi('cloneSite', { params: { name }, body: { name: copy } })}
          onClose={() => setCopying(false)}
        >
          <p>{t('backups.cloneText')}</p>
        </CopyDialog>
      )}
    </>
  )
}

/** Backups of which only the copy is left. */
function Elsewhere({ copies }: { copies: ApiResult<'listBackups'>['elsewhere'] }) {
  const { t, date } = useWords()
  const { name, operation } = useSite()
  const [error, setError] = useState<Error>()
  const bring = (id: string) => {
    setError(undefined)
    fetchBackup(name, id).catch(setError)
  }
  return (
    <section className="panel" aria-labelledby="elsewhere-title">
      <div className="panel-body pb-0">
        <h2 id="elsewhere-title">{t('backups.elsewhere')}</h2>
        <p className="text-body-secondary">{t('backups.elsewhereText')}</p>
        {error && <ErrorNote error={error} />}
      </div>
      <ul className="backup-list">
        {copies.map(({ id, createdAt }) => (
          <li key={id}>
            <time className="row-name" dateTime={createdAt}>
              {date(createdAt)}
            </time>
            <button
              type="button"
              className="btn btn-sm btn-quiet elsewhere-fetch"
              disabled={operation !== undefined}
              aria-label={t('backups.fetchOf', { when: date(createdAt) })}
              onClick={() => bring(id)}
            >
              {t('backups.fetch')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The site's backups, what became of trying each out, and what can be brought back from them. */
export function Backups() {
  const { t, date } = useWords()
  const { name, rights } = useSite()
  const { data, error, refetch } = useQuery(backupsQuery(name))
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  const { backups, plan, nextAt, offSite, elsewhere } = data
  return (
    <>
      <section className="panel panel-body" aria-labelledby="backups-title">
        <h2 id="backups-title">{t('backups.title')}</h2>
        <p className="text-body-secondary">{t('backups.text')}</p>
        <NowButtons />
      </section>
      <section className="panel" aria-labelledby="kept-title">
        <h2 id="kept-title" className="panel-title">
          {t('backups.kept')}
        </h2>
        {backups.length === 0 && <p className="list-nothing">{t('backups.none')}</p>}
        <ul className="backup-list">
          {backups.map((backup) => (
            <BackupItem key={backup.id} backup={backup} copy={offSite && (offSite[backup.id] ?? {})} />
          ))}
        </ul>
      </section>
      {elsewhere.length > 0 && <Elsewhere copies={elsewhere} />}
      <section className="panel panel-body" aria-labelledby="plan-title">
        <h2 id="plan-title">{t('backups.plan')}</h2>
        <p className="text-body-secondary">
          {nextAt === undefined ? t('backups.noNext') : t('backups.next', { when: date(nextAt) })}
        </p>
        {rights.includes('manage') && <PlanForm plan={plan} />}
      </section>
    </>
  )
}
