import { Link } from 'react-router'
import { useWords } from '../i18n/use-words.js'
import { Mark } from '../parts/Mark.js'
import { PageHeader } from '../parts/PageHeader.js'

/** An address behind which there is nothing for this person. */
export function NotFound({ title }: { title?: string }) {
  const { t } = useWords()
  return (
    <div className="empty">
      <Mark size={64} />
      <PageHeader title={title ?? t('notFound.title')} />
      <p>{t('notFound.text')}</p>
      <Link to="/sites" className="btn btn-primary">
        {t('notFound.back')}
      </Link>
    </div>
  )
}
