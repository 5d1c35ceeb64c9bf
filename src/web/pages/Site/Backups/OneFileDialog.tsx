import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Backup } from '../../../../model/backup.js'
import { visibleText } from '../../../../model/visible-text.js'
import { backupFilesQuery, restore } from '../../../api/backups.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'

const MOST_SHOWN = 200

/** Chooses one file or folder of a backup and puts it back where it was. */
export function OneFileDialog({ name, backup, onClose }: { name: string; backup: Backup; onClose: () => void }) {
  const { t, date } = useWords()
  const id = useId()
  const [text, setText] = useState('')
  const { data, error } = useQuery(backupFilesQuery(name, backup.id))
  const wanted = text.trim().replace(/^\/+|\/+$/g, '')
  const found = (data?.paths ?? []).filter((path) => path.toLowerCase().includes(wanted.toLowerCase()))
  const put = async () => {
    // With part of a long list in view, what is typed in full counts too.
    await restore(name, backup.id, wanted)
  }
  return (
    <ConfirmDialog
      title={t('backups.oneFileTitle', { when: date(backup.createdAt) })}
      action={t('backups.restore')}
      disabled={wanted === ''}
      onConfirm={put}
      onClose={onClose}
    >
      <p>{t('backups.oneFileText')}</p>
      <label className="form-label" htmlFor={id}>
        {t('backups.path')}
      </label>
      <input
        id={id}
        className="form-control font-monospace"
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {error && <ErrorNote error={error} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && (
        <ul className="path-list" aria-label={t('backups.found')}>
          {found.slice(0, MOST_SHOWN).map((path) => (
            <li key={path}>
              <button type="button" onClick={() => setText(path)}>
                {visibleText(path)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {data && (found.length > MOST_SHOWN || data.truncated) && (
        <p className="form-text mb-0">{t('backups.moreFiles')}</p>
      )}
    </ConfirmDialog>
  )
}
