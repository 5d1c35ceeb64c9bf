import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { changeEnvironment, environmentQuery, readVariable } from '../../../api/environment.js'
import { useWords } from '../../../i18n/use-words.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { VariableDialog } from './VariableDialog.js'

/** Masked, and fetched only while it is shown. */
function useShownValue(site: string, variable: string) {
  const [value, setValue] = useState<string>()
  const [error, setError] = useState<Error>()
  const toggle = async () => {
    setError(undefined)
    if (value !== undefined) return setValue(undefined)
    await readVariable(site, variable).then(setValue, setError)
  }
  return { value, error, toggle }
}

interface ItemProps {
  variable: string
  disabled: boolean
  onChange: () => void
  onRemove: () => void
}

function VariableItem({ variable, disabled, onChange, onRemove }: ItemProps) {
  const { t } = useWords()
  const { name } = useSite()
  const { value, error, toggle } = useShownValue(name, variable)
  return (
    <li className="variable">
      <code className="variable-name">{variable}</code>
      <span className="variable-value">
        {value === undefined ? (
          <>
            <span className="visually-hidden">{t('access.hidden')}</span>
            <span aria-hidden="true">••••••••</span>
          </>
        ) : (
          <code>{value}</code>
        )}
        {error && <ErrorNote error={error} />}
      </span>
      <span className="variable-tools">
        <button
          type="button"
          className="icon-button"
          aria-pressed={value !== undefined}
          aria-label={t('access.show', { what: variable })}
          title={t('access.show', { what: variable })}
          onClick={() => void toggle()}
        >
          <Icon name={value === undefined ? 'eye' : 'eye-slash'} size={15} />
        </button>
        <button
          type="button"
          className="icon-button"
          disabled={disabled}
          aria-label={t('variables.change', { variable })}
          title={t('variables.change', { variable })}
          onClick={onChange}
        >
          <Icon name="pencil" size={14} />
        </button>
        <button
          type="button"
          className="icon-button"
          disabled={disabled}
          aria-label={t('variables.remove', { variable })}
          title={t('variables.remove', { variable })}
          onClick={onRemove}
        >
          <Icon name="trash3" size={14} />
        </button>
      </span>
    </li>
  )
}

type Open = { what: 'add' } | { what: 'change' | 'remove'; variable: string }

function VariableDialogs({ open, names, onClose }: { open: Open; names: string[]; onClose: () => void }) {
  const { t } = useWords()
  const { name } = useSite()
  if (open.what !== 'remove') {
    const changed = open.what === 'change' ? { variable: open.variable } : {}
    const set = (variable: string, value: string) => changeEnvironment(name, { [variable]: value })
    return <VariableDialog {...changed} taken={names} onSet={set} onClose={onClose} />
  }
  return (
    <ConfirmDialog
      title={t('variables.removeTitle', { variable: open.variable })}
      action={t('action.remove')}
      danger
      onConfirm={() => changeEnvironment(name, { [open.variable]: null })}
      onClose={onClose}
    >
      <p className="mb-0">{t('variables.removeText')}</p>
    </ConfirmDialog>
  )
}

/** Variables of the site's own code: their names, their values only when asked for. */
export function Variables() {
  const { t } = useWords()
  const { name, operation } = useSite()
  const { data: names, error, refetch } = useQuery(environmentQuery(name))
  const [open, setOpen] = useState<Open>()
  const busy = operation !== undefined
  return (
    <section className="panel panel-body" aria-labelledby="variables-title">
      <div className="panel-head">
        <h2 id="variables-title">{t('variables.title')}</h2>
        <button type="button" className="btn btn-sm btn-quiet" disabled={busy} onClick={() => setOpen({ what: 'add' })}>
          <Icon name="plus-lg" size={14} />
          {t('variables.add')}
        </button>
      </div>
      <p className="text-body-secondary">{t('variables.text')}</p>
      {!names &&
        (error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />)}
      {names?.length === 0 && <p className="mb-0">{t('variables.none')}</p>}
      <ul className="item-list">
        {names?.map((variable) => (
          <VariableItem
            key={variable}
            variable={variable}
            disabled={busy}
            onChange={() => setOpen({ what: 'change', variable })}
            onRemove={() => setOpen({ what: 'remove', variable })}
          />
        ))}
      </ul>
      {open && <VariableDialogs open={open} names={names ?? []} onClose={() => setOpen(undefined)} />}
    </section>
  )
}
