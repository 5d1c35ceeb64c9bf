import { useState } from 'react'
import { useWords } from '../../../i18n/use-words.js'
import { Dialog } from '../../../parts/Dialog.js'
import { DialogFooter } from '../../../parts/DialogFooter.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { findFileNameProblem } from './paths.js'

interface Props {
  title: string
  /** Where it will be, said below the input. */
  folder: string
  action: string
  name?: string
  /** Names that are there already. */
  taken: readonly string[]
  onName: (name: string) => Promise<unknown>
  onClose: () => void
}

/** Asks for the name of a file or folder. */
export function NameDialog({ title, folder, action, name = '', taken, onName, onClose }: Props) {
  const { t } = useWords()
  const [text, setText] = useState(name)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error>()
  const problem = text === name ? undefined : findFileNameProblem(text, taken)
  const submit = async () => {
    setTried(true)
    if (
      findFileNameProblem(
        text,
        taken.filter((other) => other !== name),
      )
    )
      return
    setBusy(true)
    await onName(text.trim()).then(onClose, setError)
    setBusy(false)
  }
  const shown = problem === 'empty' && !tried ? undefined : tried && text === '' ? 'empty' : problem
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="dialog-body">
          <Field
            label={t('files.name')}
            value={text}
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            hint={t('files.in', { folder: `/home/site/${folder}` })}
            error={shown && t(`files.nameProblem.${shown}`)}
            onChange={(event) => setText(event.target.value)}
          />
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter action={action} busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  )
}
