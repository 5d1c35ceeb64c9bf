import { useId, useState } from 'react'
import { CollaboratorRight } from '../../../../model/collaborator.js'
import { Login } from '../../../../model/names.js'
import { setCollaborator } from '../../../api/collaborators.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'

/** Shares the site with one more person of the directory. */
export function AddCollaborator({ known }: { known: string[] }) {
  const { t } = useWords()
  const { name } = useSite()
  const id = useId()
  const [text, setText] = useState('')
  const [right, setRight] = useState<CollaboratorRight>('edit')
  const [problem, setProblem] = useState<string>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const add = async () => {
    const login = Login.safeParse(text.trim())
    if (!login.success) return setProblem(t('people.loginInvalid'))
    if (known.includes(login.data)) return setProblem(t('sharing.there'))
    setBusy(true)
    setError(undefined)
    await setCollaborator(name, login.data, right).then(() => setText(''), setError)
    setBusy(false)
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <div className="add-line add-line-3">
        <Field
          label={t('sharing.login')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          error={problem}
          onChange={(event) => {
            setText(event.target.value)
            setProblem(undefined)
          }}
        />
        <div className="field">
          <label className="form-label" htmlFor={id}>
            {t('sharing.may')}
          </label>
          <select
            id={id}
            className="form-select"
            value={right}
            onChange={({ target }) => setRight(CollaboratorRight.parse(target.value))}
          >
            {CollaboratorRight.options.map((option) => (
              <option key={option} value={option}>
                {t(`sharing.right.${option}`)}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" className="btn btn-quiet" disabled={busy}>
          {busy ? <Spinner /> : <Icon name="plus-lg" size={14} />}
          {t('action.add')}
        </button>
      </div>
      <p className="form-text mb-0">{t(`sharing.means.${right}`)}</p>
      {error && <ErrorNote error={error} />}
    </form>
  )
}
