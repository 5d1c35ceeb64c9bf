import { useState } from 'react'
import type { Backup } from '../../../../model/backup.js'
import type { OffSiteState } from '../../../../model/off-site.js'
import { archiveUrl, prove, removeBackup, restore } from '../../../api/backups.js'
import { callApi } from '../../../api/call-api.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useStackWords } from '../../../i18n/use-stack-words.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { CopyDialog } from '../../../parts/CopyDialog.js'
import { Icon } from '../../../parts/Icon.js'
import { Menu } from '../../../parts/Menu.js'
import { showToast } from '../../../parts/toasts.js'
import { useSite } from '../use-site.js'
import { OneFileDialog } from './OneFileDialog.js'

type Asked = 'copy' | 'inPlace' | 'file' | 'remove'

/** Only a backup that was restored and answered is green. */
function Proof({ proof }: Pick<Backup, 'proof'>) {
  const { t, language, ago, duration } = useWords()
  if (!proof) return <span className="proof text-body-secondary">{t('backups.untried')}</span>
  if (proof.proven)
    return (
      <span className="proof text-ok" title={t('backups.provenIn', { time: duration(proof.durationMs) })}>
        <Icon name="check-circle-fill" size={14} />
        {t('backups.proven', { ago: ago(proof.at) })}
      </span>
    )
  return (
    <span className="proof text-bad">
      <Icon name="exclamation-circle-fill" size={14} />
      <span className="text-break">
        {t('backups.unproven')}
        {proof.reason && <> {translateServerText(proof.reason, language) ?? proof.reason}</>}
      </span>
    </span>
  )
}

/** How the copy stands that goes to the repository elsewhere. */
function CopyElsewhere({ copy }: { copy: OffSiteState }) {
  const { t, language, ago, date } = useWords()
  if (copy.copiedAt !== undefined)
    return (
      <span className="proof text-body-secondary" title={date(copy.copiedAt)}>
        <Icon name="box-arrow-up-right" size={14} />
        {t('backups.copied', { ago: ago(copy.copiedAt) })}
      </span>
    )
  if (copy.reason === undefined)
    return (
      <span className="proof text-body-secondary">
        <Icon name="clock" size={14} />
        {t('backups.copyWaits')}
      </span>
    )
  return (
    <span className="proof text-bad">
      <Icon name="exclamation-circle-fill" size={14} />
      <span className="text-break">
        {t('backups.copyFailed')} {translateServerText(copy.reason, language) ?? copy.reason}
        {copy.nextAt !== undefined && <> {t('backups.copyNext', { when: date(copy.nextAt) })}</>}
      </span>
    </span>
  )
}

/** What can be done with one backup; what replaces something asks first. */
function Choices({ backup, onAsk }: { backup: Backup; onAsk: (asked: Asked) => void }) {
  const { t, date } = useWords()
  const { name, rights, operation } = useSite()
  const busy = operation !== undefined
  const tryOut = () =>
    prove(name, backup.id).catch((error: Error) => showToast({ kind: 'error', title: t('backups.tryFailed'), error }))
  return (
    <>
      <button type="button" className="btn btn-sm btn-quiet" onClick={() => onAsk('copy')}>
        {t('backups.asCopy')}
      </button>
      <Menu
        label={t('backups.more', { when: date(backup.createdAt) })}
        className="row-menu"
        button={<Icon name="three-dots" />}
      >
        {(close) => (
          <>
            <button type="button" disabled={busy} onClick={() => onAsk('inPlace')}>
              {t('backups.inPlace')}
            </button>
            <button type="button" disabled={busy} onClick={() => onAsk('file')}>
              {t('backups.oneFile')}
            </button>
            <a href={archiveUrl(name, backup.id)} download onClick={close}>
              {t('backups.download')}
            </a>
            <button
              type="button"
              disabled={busy}
              onClick={() => {
                close()
                void tryOut()
              }}
            >
              {t('backups.tryOut')}
            </button>
            {rights.includes('delete') && (
              <button type="button" className="text-bad" onClick={() => onAsk('remove')}>
                {t('backups.remove')}
              </button>
            )}
          </>
        )}
      </Menu>
    </>
  )
}

function Dialogs({ backup, asked, onClose }: { backup: Backup; asked: Asked; onClose: () => void }) {
  const { t, date } = useWords()
  const { name } = useSite()
  const { id } = backup
  const when = date(backup.createdAt)
  switch (asked) {
    case 'copy':
      return (
        <CopyDialog
          title={t('backups.asCopyTitle', { when })}
          action={t('backups.restore')}
          name={`${name}-copy`}
          onCopy={(copy) => callApi('restoreAsSite', { params: { name, id }, body: { name: copy } })}
          onClose={onClose}
        >
          <p>{t('backups.asCopyText', { name })}</p>
        </CopyDialog>
      )
    case 'inPlace':
      return (
        <ConfirmDialog
          title={t('backups.inPlaceTitle', { when })}
          action={t('backups.restore')}
          danger
          onConfirm={() => restore(name, id)}
          onClose={onClose}
        >
          <p className="mb-0">{t('backups.inPlaceText')}</p>
        </ConfirmDialog>
      )
    case 'file':
      return <OneFileDialog name={name} backup={backup} onClose={onClose} />
    case 'remove':
      return (
        <ConfirmDialog
          title={t('backups.removeTitle', { when })}
          action={t('action.delete')}
          danger
          onConfirm={() => removeBackup(name, id)}
          onClose={onClose}
        >
          <p className="mb-0">{t('backups.removeText')}</p>
        </ConfirmDialog>
      )
  }
}

/** `copy`: absent where no repository elsewhere is configured. */
export function BackupItem({ backup, copy }: { backup: Backup; copy: OffSiteState | undefined }) {
  const { date, bytes } = useWords()
  const { stackOf } = useStackWords()
  const [asked, setAsked] = useState<Asked>()
  return (
    <li>
      <div className="backup-what">
        <time className="row-name" dateTime={backup.createdAt}>
          {date(backup.createdAt)}
        </time>
        <span className="row-note">
          {bytes(backup.sizeBytes)} · {stackOf(backup.stack)}
        </span>
      </div>
      <div className="backup-state">
        <Proof proof={backup.proof} />
        {copy && <CopyElsewhere copy={copy} />}
      </div>
      <div className="backup-tools">
        <Choices backup={backup} onAsk={setAsked} />
      </div>
      {asked && <Dialogs backup={backup} asked={asked} onClose={() => setAsked(undefined)} />}
    </li>
  )
}
