import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  ref?: Ref<HTMLInputElement>
  error?: string | undefined
  hint?: ReactNode
  /** Stands after the input, inside the same box: a unit, a domain. */
  suffix?: ReactNode
}

/** A labelled input with its help and, when wrong, why. */
export function Field({ label, error, hint, suffix, className = '', ...input }: Props) {
  const id = useId()
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const control = (
    <input
      {...input}
      id={id}
      className={`form-control ${error ? 'is-invalid' : ''}`}
      aria-invalid={error ? true : undefined}
      aria-describedby={notes || undefined}
    />
  )
  return (
    <div className={`field ${className}`}>
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      {suffix ? (
        <div className="input-group">
          {control}
          <span className="input-group-text">{suffix}</span>
        </div>
      ) : (
        control
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="form-text">
          {hint}
        </div>
      )}
    </div>
  )
}
