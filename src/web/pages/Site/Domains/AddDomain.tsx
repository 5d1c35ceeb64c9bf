import { useState } from 'react'
import { parseDomainName } from '../../../../model/domain-name.js'
import type { Site } from '../../../../model/site.js'
import { addDomain } from '../../../api/domains.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'

/** Asks for a name, and for the same with `www.` before it. */
export function AddDomain({ site }: { site: Site }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [withWww, setWithWww] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const add = async () => {
    const parsed = parseDomainName(text)
    if ('problem' in parsed) return setProblem(t('domains.invalid'))
    const names = [parsed.name, ...(withWww && !parsed.name.startsWith('www.') ? [`www.${parsed.name}`] : [])]
    if (names.some((name) => [...site.domains, ...site.claims].includes(name))) return setProblem(t('domains.there'))
    setBusy(true)
    setError(undefined)
    try {
      for (const name of names) await addDomain(site.name, name)
      setText('')
    } catch (reason) {
      setError(reason as Error)
    }
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
      <div className="add-line">
        <Field
          label={t('domains.new')}
          placeholder="example.org"
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
        <button type="submit" className="btn btn-quiet" disabled={busy}>
          {busy ? <Spinner /> : <Icon name="plus-lg" size={14} />}
          {t('action.add')}
        </button>
      </div>
      <label className="form-check">
        <input
          type="checkbox"
          className="form-check-input"
          checked={withWww}
          onChange={(event) => setWithWww(event.target.checked)}
        />
        <span className="form-check-label">{t('domains.withWww')}</span>
      </label>
      {error && <ErrorNote error={error} />}
    </form>
  )
}
