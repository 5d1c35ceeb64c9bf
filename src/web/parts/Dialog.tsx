import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'

interface Props {
  title: string
  children: ReactNode
  /** Called when the person wants it closed (button, Escape); absent: it cannot be left without an answer. */
  onClose?: (() => void) | undefined
  wide?: boolean
}

/** A native modal dialog: it traps the focus and gives it back to where it was. Mount it to open it. */
export function Dialog({ title, children, onClose, wide = false }: Props) {
  const { t } = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    dialog?.showModal()
    // Where to begin: the field that waits for input, else the title, which is then read out. Not the button that closes.
    const first = dialog?.querySelector<HTMLElement>('[data-autofocus]') ?? dialog?.querySelector<HTMLElement>('h2')
    first?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // Only for Escape on the dialog itself, not for a file chooser inside.
        if (event.target !== ref.current) return
        event.preventDefault()
        onClose?.()
      }}
    >
      <div className="dialog-header">
        <h2 id={titleId} tabIndex={-1}>
          {title}
        </h2>
        {onClose && (
          <button type="button" className="icon-button" aria-label={t('action.close')} onClick={onClose}>
            <Icon name="x-lg" size={14} />
          </button>
        )}
      </div>
      {children}
    </dialog>
  )
}
