import { useInfiniteQuery } from '@tanstack/react-query'
import { siteActivityQuery } from '../../../api/activity.js'
import { useWords } from '../../../i18n/use-words.js'
import { ActivityTable } from '../../../parts/ActivityTable.js'
import { useSite } from '../use-site.js'

/** What people asked for on this site. */
export function SiteActivity() {
  const { t } = useWords()
  const query = useInfiniteQuery(siteActivityQuery(useSite().name))
  return (
    <section className="panel" aria-labelledby="activity-title">
      <div className="panel-body pb-0">
        <h2 id="activity-title">{t('activity.title')}</h2>
        <p className="text-body-secondary">{t('activity.text')}</p>
      </div>
      <ActivityTable query={query} label={t('activity.title')} />
    </section>
  )
}
