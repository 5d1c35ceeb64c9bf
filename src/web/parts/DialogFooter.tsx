import type { ReactNode } from 'react'
import { useWords } from '../i18n/use-words.js'
import { Spinner } from './Spinner.js'

interface Props {
  action: string
  busy: boolean
  /** Something is still missing. */
  disabled?: boolean
  danger?: boolean
  /** Absent: the button submits the form that it stands in. */
  onAct?: () => void
  onClose: () => void
  /** Another way, at the other end. */
  children?: ReactNode
}

/** What a dialog ends with: the way out, and what it is for. */
export function DialogFooter({ action, busy, disabled = false, danger = false, onAct, onClose, children }: Props) {
  const { t } = useWords()
  return (
    <div className="dialog-footer">
      {children}
      <button type="button" className="btn btn-quiet" onClick={onClose}>
        {t('action.cancel')}
      </button>
      <button
        type={onAct ? 'button' : 'submit'}
        className={danger ? 'btn btn-danger' : 'btn btn-primary'}
        disabled={busy || disabled}
        onClick={onAct}
      >
        {busy && <Spinner />}
        {action}
      </button>
    </div>
  )
}
