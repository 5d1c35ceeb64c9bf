import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Site } from '../../../../model/site.js'
import { mainNameQuery, setMainName } from '../../../api/domains.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'

/** Which of the names visitors of the others are led to. */
export function MainName({ site }: { site: Site }) {
  const { t } = useWords()
  const id = useId()
  const [error, setError] = useState<Error>()
  const { data = '' } = useQuery(mainNameQuery(site.name))
  return (
    <div className="field">
      <label className="form-label" htmlFor={id}>
        {t('domains.main')}
      </label>
      <select
        id={id}
        className="form-select"
        disabled={site.operation !== undefined}
        value={data}
        onChange={(event) => {
          setError(undefined)
          setMainName(site.name, event.target.value).catch(setError)
        }}
      >
        <option value="">{t('domains.noMain')}</option>
        {site.domains.map((domain) => (
          <option key={domain}>{domain}</option>
        ))}
      </select>
      <div className="form-text">{t('domains.mainHint')}</div>
      {error && <ErrorNote error={error} />}
    </div>
  )
}
