import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { useWords } from '../i18n/use-words.js'
import { ErrorText } from './ErrorNote.js'
import { Icon } from './Icon.js'
import { closeToast, showToast, type Toast, useToasts } from './toasts.js'

const SHOWN_MS = 4_000
/** What can be taken back is shown for longer. */
const UNDO_MS = 12_000

function UndoButton({ toast, undo }: { toast: Toast; undo: () => Promise<void> }) {
  const { t } = useWords()
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    await undo().catch((error: Error) => showToast({ kind: 'error', title: t('general.undoFailed'), error }))
    closeToast(toast.id)
  }
  return (
    <button type="button" className="btn btn-sm btn-quiet mt-1" disabled={busy} onClick={() => void act()}>
      {t('action.undo')}
    </button>
  )
}

function ToastBox({ toast }: { toast: Toast }) {
  const { t } = useWords()
  const [held, setHeld] = useState(false)
  const leaves = toast.kind === 'success' && !held
  useEffect(() => {
    if (!leaves) return
    const timer = window.setTimeout(() => closeToast(toast.id), toast.undo ? UNDO_MS : SHOWN_MS)
    return () => window.clearTimeout(timer)
  }, [leaves, toast.id, toast.undo])
  return (
    <li
      className={`toast-box toast-${toast.kind}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={toast.kind === 'error' ? 'exclamation-circle-fill' : 'check-circle-fill'} />
      <div className="flex-grow-1">
        <p className="fw-semibold mb-0">{toast.title}</p>
        {toast.error && <ErrorText error={toast.error} />}
        {toast.link && <Link to={toast.link.to}>{toast.link.text}</Link>}
        {toast.undo && <UndoButton toast={toast} undo={toast.undo} />}
      </div>
      <button type="button" className="icon-button" aria-label={t('action.close')} onClick={() => closeToast(toast.id)}>
        <Icon name="x-lg" size={12} />
      </button>
    </li>
  )
}

/** The corner where messages appear; read out as they come. */
export function Toasts() {
  const { t } = useWords()
  const toasts = useToasts()
  return (
    <section className="toasts" aria-label={t('general.messages')} aria-live="polite">
      <ul>
        {toasts.map((toast) => (
          <ToastBox key={toast.id} toast={toast} />
        ))}
      </ul>
    </section>
  )
}
