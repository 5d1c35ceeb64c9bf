import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { DebianPackage } from '../../../../model/debian-package.js'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { showOperation } from '../../../api/power.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Field } from '../../../parts/Field.js'
import { Icon } from '../../../parts/Icon.js'
import { useSite } from '../use-site.js'

async function setPackages(name: string, packages: string[]): Promise<void> {
  const { operation } = await callApi('setPackages', { params: { name }, body: { packages } })
  followOperation(operation)
  showOperation(name, operation)
}

function PackageList({ names, onRemove }: { names: string[]; onRemove: (name: string) => void }) {
  const { t } = useWords()
  if (names.length === 0) return <p className="text-body-secondary">{t('packages.none')}</p>
  return (
    <ul className="item-list">
      {names.map((name) => (
        <li key={name}>
          <code>{name}</code>
          <button
            type="button"
            className="icon-button"
            aria-label={t('packages.remove', { name })}
            title={t('packages.remove', { name })}
            onClick={() => onRemove(name)}
          >
            <Icon name="trash3" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function NewPackage({ taken, onAdd }: { taken: string[]; onAdd: (name: string) => void }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const add = () => {
    const name = text.trim()
    if (!DebianPackage.safeParse(name).success) return setProblem(t('packages.invalid'))
    if (taken.includes(name)) return setProblem(t('packages.there'))
    onAdd(name)
    setText('')
  }
  return (
    <div className="add-line">
      <Field
        label={t('packages.new')}
        placeholder="imagemagick"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.target.value)
          setProblem(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
      <button type="button" className="btn btn-quiet" onClick={add}>
        <Icon name="plus-lg" size={14} />
        {t('action.add')}
      </button>
    </div>
  )
}

/** Debian packages besides those of the stack: the list is put together first, and applied at once. */
export function Packages() {
  const { t } = useWords()
  const { name, packages, operation } = useSite()
  const [draft, setDraft] = useState<string[]>()
  const names = draft ?? packages
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => setPackages(name, names),
    onSuccess: () => setDraft(undefined),
  })
  return (
    <section className="panel panel-body" aria-labelledby="packages-title">
      <h2 id="packages-title">{t('packages.title')}</h2>
      <p className="text-body-secondary">{t('packages.text')}</p>
      <PackageList names={names} onRemove={(gone) => setDraft(names.filter((one) => one !== gone))} />
      <NewPackage taken={names} onAdd={(added) => setDraft([...names, added].sort())} />
      {error && <ErrorNote error={error} title={t('save.failed')} />}
      {draft && (
        <div className="add-line">
          <button
            type="button"
            className="btn btn-primary"
            disabled={isPending || operation !== undefined}
            onClick={() => mutate()}
          >
            {t('packages.apply')}
          </button>
          <button type="button" className="btn btn-quiet" onClick={() => setDraft(undefined)}>
            {t('action.cancel')}
          </button>
          <span className="text-body-secondary">{t('packages.unsaved')}</span>
        </div>
      )}
    </section>
  )
}
