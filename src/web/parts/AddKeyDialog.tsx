import { useId, useState } from 'react'
import { useWords } from '../i18n/use-words.js'
import { Dialog } from './Dialog.js'
import { DialogFooter } from './DialogFooter.js'
import { ErrorNote } from './ErrorNote.js'
import { readKey } from './read-key.js'

interface Props {
  onAdd: (line: string) => Promise<void>
  onClose: () => void
}

/** Takes a public key; a private one pasted by mistake is refused before it is sent. */
export function AddKeyDialog({ onAdd, onClose }: Props) {
  const { t } = useWords()
  const id = useId()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    if (!readKey(text)) return setProblem(t(text.includes('PRIVATE KEY') ? 'access.keyPrivate' : 'access.keyInvalid'))
    setBusy(true)
    await onAdd(text.trim()).then(onClose, setError)
    setBusy(false)
  }
  return (
    <Dialog title={t('access.keyAdd')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="dialog-body">
          <label className="form-label" htmlFor={id}>
            {t('access.key')}
          </label>
          <textarea
            id={id}
            className={`form-control font-monospace ${problem ? 'is-invalid' : ''}`}
            rows={4}
            spellCheck={false}
            data-autofocus
            placeholder="ssh-ed25519 AAAA… me@laptop"
            aria-invalid={problem ? true : undefined}
            aria-describedby={`${id}-hint`}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setProblem(undefined)
            }}
          />
          {problem && (
            <p className="field-error" role="alert">
              {problem}
            </p>
          )}
          <p id={`${id}-hint`} className="form-text mb-0">
            {t('access.keyHint')}
          </p>
          {error && <ErrorNote error={error} />}
        </div>
        <DialogFooter action={t('action.add')} busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  )
}
