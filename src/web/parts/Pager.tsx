import { useWords } from '../i18n/use-words.js'

interface Props {
  /** The first is 0. */
  page: number
  size: number
  count: number
  onPage: (page: number) => void
}

/** Foot of a long list; nothing when all is on one page. */
export function Pager({ page, size, count, onPage }: Props) {
  const { t, number } = useWords()
  if (count <= size) return null
  const to = Math.min(count, (page + 1) * size)
  return (
    <nav className="pager" aria-label={t('pager.label')}>
      <p>{t('pager.shown', { from: number(page * size + 1), to: number(to), all: number(count) })}</p>
      <button type="button" className="btn btn-sm btn-quiet" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t('pager.before')}
      </button>
      <button type="button" className="btn btn-sm btn-quiet" disabled={to >= count} onClick={() => onPage(page + 1)}>
        {t('pager.after')}
      </button>
    </nav>
  )
}
