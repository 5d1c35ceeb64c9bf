import { useId, useState } from 'react'
import { findVariableProblem } from '../../../../model/environment.js'
import { translateServerText } from '../../../i18n/server-texts.js'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'

interface Props {
  /** The variable that gets another value; absent: a new one. */
  variable?: string
  taken: readonly string[]
  onSet: (name: string, value: string) => Promise<void>
  onClose: () => void
}

function ValueField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useWords()
  const id = useId()
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {t('variables.value')}
      </label>
      <textarea
        id={id}
        className="form-control font-monospace"
        rows={3}
        maxLength={4096}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

/** Sets a variable: a new one, or another value of one that is there. */
export function VariableDialog({ variable, taken, onSet, onClose }: Props) {
  const { t, language } = useWords()
  const [name, setName] = useState(variable ?? '')
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    const wrong = findVariableProblem(name)
    if (wrong !== undefined) return setProblem(translateServerText(wrong, language) ?? wrong)
    if (variable === undefined && taken.includes(name)) return setProblem(t('variables.there'))
    setBusy(true)
    setError(undefined)
    await onSet(name, value).then(onClose, setError)
    setBusy(false)
  }
  return (
    <Dialog title={variable === undefined ? t('variables.add') : t('variables.change', { variable })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="dialog-body">
          {variable === undefined && (
            <Field
              label={t('variables.name')}
              className="font-monospace"
              placeholder="API_KEY"
              data-autofocus
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              value={name}
              error={problem}
              hint={t('variables.nameHint')}
              onChange={(event) => {
                setName(event.target.value)
                setProblem(undefined)
              }}
            />
          )}
          <ValueField value={value} onChange={setValue} />
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter action={t('action.save')} busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  )
}
