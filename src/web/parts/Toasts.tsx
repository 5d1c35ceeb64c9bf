import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { useWords } from '../i18n/use-words.js'
import { ErrorText } from './ErrorNote.js'
import { Icon } from './Icon.js'
import { closeToast, type Toast, useToasts } from './toasts.js'

const SHOWN_MS = 4_000

function ToastBox({ toast }: { toast: Toast }) {
  const { t } = useWords()
  const [held, setHeld] = useState(false)
  const leaves = toast.kind === 'success' && !held
  useEffect(() => {
    if (!leaves) return
    const timer = window.setTimeout(() => closeToast(toast.id), SHOWN_MS)
    return () => window.clearTimeout(timer)
  }, [leaves, toast.id])
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
