import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'react-router'

interface Props {
  label: string
  /** What the button shows. */
  button: ReactNode
  className?: string
  /** What the panel shows; a function is given what closes it. */
  children: ReactNode | ((close: () => void) => ReactNode)
}

/** A button that discloses a panel. Closes on Escape, on a click elsewhere, when the focus leaves, and when another page is shown. */
export function Menu({ label, button, className = '', children }: Props) {
  const ref = useRef<HTMLDivElement>(null)
  const buttonRef = useRef<HTMLButtonElement>(null)
  const id = useId()
  // Open on the page where it was opened: another page closes it.
  const { key } = useLocation()
  const [openAt, setOpenAt] = useState<string>()
  const open = openAt === key
  useEffect(() => {
    if (!open) return
    const closeOutside = (event: Event) => {
      if (!ref.current?.contains(event.target as Node)) setOpenAt(undefined)
    }
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpenAt(undefined)
      buttonRef.current?.focus()
    }
    document.addEventListener('keydown', closeByKey)
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    return () => {
      document.removeEventListener('keydown', closeByKey)
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
    }
  }, [open])
  return (
    <div ref={ref} className={`menu ${className}`}>
      <button
        ref={buttonRef}
        type="button"
        className="menu-button"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpenAt(open ? undefined : key)}
      >
        {button}
      </button>
      {open && (
        <div id={id} className="menu-panel">
          {typeof children === 'function' ? children(() => setOpenAt(undefined)) : children}
        </div>
      )}
    </div>
  )
}
