import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { backupsQuery } from '../../api/backups.js'
import { callApi } from '../../api/call-api.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { CopyDialog } from '../../parts/CopyDialog.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Spinner } from '../../parts/Spinner.js'

/** Which backup of that site, the newest first; what is chosen opens the question for the name. */
function BackupChoice({ site }: { site: string }) {
  const { t, date, bytes } = useWords()
  const id = useId()
  const { data, error, refetch } = useQuery(backupsQuery(site))
  const [chosen, setChosen] = useState('')
  const [asking, setAsking] = useState(false)
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  const { backups } = data
  const backup = backups.find((one) => one.id === chosen) ?? backups[0]
  if (!backup) return <p className="text-body-secondary mb-0">{t('create.other.none')}</p>
  return (
    <>
      <div className="field">
        <label className="form-label" htmlFor={id}>
          {t('create.other.which')}
        </label>
        <select id={id} className="form-select" value={backup.id} onChange={(event) => setChosen(event.target.value)}>
          {backups.map((one) => (
            <option key={one.id} value={one.id}>
              {date(one.createdAt)}, {bytes(one.sizeBytes)}
            </option>
          ))}
        </select>
      </div>
      <button type="button" className="btn btn-quiet" onClick={() => setAsking(true)}>
        {t('create.other.fromBackup')}
      </button>
      {asking && (
        <CopyDialog
          title={t('create.other.fromBackup')}
          action={t('action.create')}
          name={`${site}-copy`}
          onCopy={(name) => callApi('restoreAsSite', { params: { name: site, id: backup.id }, body: { name } })}
          onClose={() => setAsking(false)}
        >
          <p>{t('create.other.backupText', { name: site })}</p>
        </CopyDialog>
      )}
    </>
  )
}

/** A new site out of a backup of one of the person's sites. */
export function FromBackup() {
  const { t } = useWords()
  const id = useId()
  const { data: sites, error, refetch } = useQuery(sitesQuery('mine'))
  const [site, setSite] = useState('')
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('create.other.backup')}</h2>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <div className="field">
        <label className="form-label" htmlFor={id}>
          {t('create.other.site')}
        </label>
        <select id={id} className="form-select" value={site} onChange={(event) => setSite(event.target.value)}>
          <option value="">{t('create.other.chooseSite')}</option>
          {sites
            ?.filter(({ rights }) => rights.includes('edit'))
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      </div>
      {site && <BackupChoice key={site} site={site} />}
    </section>
  )
}
