import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { visibleText } from '../../../../model/visible-text.js'
import { callApi } from '../../../api/call-api.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'

interface Props {
  site: string
  onFile: (path: string) => void
  onClose: () => void
}

type Where = 'names' | 'contents'

function Results({ site, text, where, onFile }: Pick<Props, 'site' | 'onFile'> & { text: string; where: Where }) {
  const { t } = useWords()
  const { data, error, isPending } = useQuery({
    queryKey: ['search', site, where, text],
    queryFn: ({ signal }) =>
      callApi('searchFiles', { params: { name: site }, query: { path: '', text, where } }, signal),
    staleTime: 0,
    retry: false,
  })
  if (isPending) return <Spinner label={t('general.loading')} />
  if (error) return <ErrorNote error={error} />
  return (
    <>
      <p className="found-count" role="status">
        {t('search.count', { count: data.found.length })}
        {data.truncated && ` ${t('search.truncated')}`}
      </p>
      <ul className="found">
        {data.found.map(({ path, line, text: said, type }) => (
          <li key={`${path} ${line}`}>
            <button type="button" disabled={type !== 'file'} onClick={() => onFile(path)}>
              <span className="found-path">
                {visibleText(path)}
                {line !== undefined && `:${line}`}
              </span>
              {said !== undefined && <code>{visibleText(said.trim())}</code>}
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Finds files by their names, or by what is written in them. */
export function SearchPane({ site, onFile, onClose }: Props) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [where, setWhere] = useState<Where>('names')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <search className="search-pane">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(text.trim())
        }}
      >
        <input
          type="search"
          className="form-control form-control-sm"
          aria-label={t('search.text')}
          placeholder={t('search.text')}
          value={text}
          maxLength={200}
          ref={input}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
        />
        <button type="submit" className="icon-button" aria-label={t('search.go')} title={t('search.go')}>
          <Icon name="search" />
        </button>
        <button type="button" className="icon-button" aria-label={t('action.close')} onClick={onClose}>
          <Icon name="x-lg" size={13} />
        </button>
      </form>
      <fieldset className="search-where">
        <legend className="visually-hidden">{t('search.where')}</legend>
        {(['names', 'contents'] as const).map((each) => (
          <label key={each} className="form-check">
            <input
              type="radio"
              name="where"
              className="form-check-input"
              checked={where === each}
              onChange={() => setWhere(each)}
            />
            {t(`search.${each}`)}
          </label>
        ))}
      </fieldset>
      {asked !== '' && <Results site={site} text={asked} where={where} onFile={onFile} />}
    </search>
  )
}
