import { useState } from 'react'
import { useFormContext } from 'react-hook-form'
import { parseDomainName } from '../../../../model/domain-name.js'
import { useWords } from '../../../i18n/use-words.js'
import { Field } from '../../../parts/Field.js'
import { Icon } from '../../../parts/Icon.js'
import type { SettingsForm } from './settings-form.js'

function DomainItem({ domain, onRemove }: { domain: string; onRemove?: () => void }) {
  const { t } = useWords()
  return (
    <li>
      <span className="text-break">{domain}</span>
      {onRemove ? (
        <button
          type="button"
          className="icon-button"
          aria-label={t('domains.remove', { domain })}
          title={t('domains.remove', { domain })}
          onClick={onRemove}
        >
          <Icon name="trash3" size={14} />
        </button>
      ) : (
        <span className="tag">{t('domains.platform')}</span>
      )}
    </li>
  )
}

/** The names under which the site answers: the platform's, which stays, and its own. */
export function DomainsField({ platformName }: { platformName: string }) {
  const { t } = useWords()
  const { watch, setValue } = useFormContext<SettingsForm>()
  const domains = watch('domains')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const change = (next: string[]) => setValue('domains', next, { shouldDirty: true })
  const add = () => {
    const parsed = parseDomainName(text)
    if ('problem' in parsed) return setProblem(t('domains.invalid'))
    if ([platformName, ...domains].includes(parsed.name)) return setProblem(t('domains.there'))
    change([...domains, parsed.name])
    setText('')
  }
  return (
    <>
      <ul className="item-list">
        <DomainItem domain={platformName} />
        {domains.map((domain) => (
          <DomainItem
            key={domain}
            domain={domain}
            onRemove={() => change(domains.filter((other) => other !== domain))}
          />
        ))}
      </ul>
      <div className="add-line">
        <Field
          label={t('domains.new')}
          placeholder="www.example.org"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          error={problem}
          hint={t('create.domainHint')}
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
    </>
  )
}
