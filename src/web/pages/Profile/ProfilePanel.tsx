import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Spinner } from '../../parts/Spinner.js'

interface Props<T> {
  title: string
  text: string
  /** Said when the list is empty. */
  none: string
  query: UseQueryResult<T[]>
  button: ReactNode
  children: (item: T) => ReactNode
}

/** One list of the profile: what it is for, what is in it, and what adds to it. */
export function ProfilePanel<T>({ title, text, none, query, button, children }: Props<T>) {
  const { t } = useWords()
  const id = useId()
  const { data, error, refetch } = query
  return (
    <section className="panel panel-body" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {button}
      </div>
      <p className="text-body-secondary">{text}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data?.length === 0 && <p className="mb-0">{none}</p>}
      {data && data.length > 0 && <ul className="item-list">{data.map(children)}</ul>}
    </section>
  )
}
