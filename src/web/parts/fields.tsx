import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'

interface Labelled {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

function Notes({ id, hint, error }: Omit<Labelled, 'label'> & { id: string }) {
  return (
    <>
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
    </>
  )
}

const describe = (id: string, { hint, error }: Omit<Labelled, 'label'>) => ({
  'aria-invalid': error ? (true as const) : undefined,
  'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
})

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & Labelled & { ref?: Ref<HTMLSelectElement> }

/** A labelled choice out of a short list: its options are the children. */
export function SelectField({ label, hint, error, children, ...select }: SelectProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <select
        {...select}
        id={id}
        className={`form-select ${error ? 'is-invalid' : ''}`}
        {...describe(id, { hint, error })}
      >
        {children}
      </select>
      <Notes id={id} hint={hint} error={error} />
    </div>
  )
}

type TextProps = TextareaHTMLAttributes<HTMLTextAreaElement> & Labelled & { ref?: Ref<HTMLTextAreaElement> }

/** A labelled text of several lines. */
export function TextField({ label, hint, error, className = '', ...text }: TextProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        rows={3}
        {...text}
        id={id}
        className={`form-control ${className} ${error ? 'is-invalid' : ''}`}
        {...describe(id, { hint, error })}
      />
      <Notes id={id} hint={hint} error={error} />
    </div>
  )
}

type CheckProps = InputHTMLAttributes<HTMLInputElement> & Labelled & { ref?: Ref<HTMLInputElement> }

/** A labelled yes or no; with `type="radio"` one of several. */
export function CheckField({ label, hint, error, ...input }: CheckProps) {
  const id = useId()
  return (
    <div className="form-check check-field">
      <input type="checkbox" {...input} id={id} className="form-check-input" {...describe(id, { hint, error })} />
      <label className="form-check-label" htmlFor={id}>
        {label}
      </label>
      <Notes id={id} hint={hint} error={error} />
    </div>
  )
}
