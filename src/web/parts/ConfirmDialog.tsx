import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../i18n/use-words.js'
import { Dialog } from './Dialog.js'
import { DialogFooter } from './DialogFooter.js'
import { ErrorNote } from './ErrorNote.js'

interface Props {
  title: string
  children: ReactNode
  action: string
  danger?: boolean
  /** Something is still missing. */
  disabled?: boolean
  /** Text that must be typed first; for what cannot be undone. */
  typed?: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

function TypedField({ wanted, value, onChange }: { wanted: string; value: string; onChange: (text: string) => void }) {
  const { t } = useWords()
  const id = useId()
  return (
    <div className="mt-3">
      <label className="form-label" htmlFor={id}>
        {t('confirm.type', { text: wanted })}
      </label>
      <input
        id={id}
        className="form-control font-monospace"
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

/** Asks before something is done, and stays open with the reason when it could not be done. */
export function ConfirmDialog({
  title,
  children,
  action,
  danger = false,
  disabled = false,
  typed,
  onConfirm,
  onClose,
}: Props) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const confirm = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (reason) {
      setError(reason as Error)
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void confirm()
        }}
      >
        <div className="dialog-body">
          {children}
          {typed !== undefined && <TypedField wanted={typed} value={text} onChange={setText} />}
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter
          action={action}
          busy={busy}
          disabled={disabled || (typed !== undefined && text.trim() !== typed)}
          danger={danger}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}
