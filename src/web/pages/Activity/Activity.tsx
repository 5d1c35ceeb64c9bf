import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SiteName } from '../../../model/names.js'
import { activityQuery } from '../../api/activity.js'
import { useWords } from '../../i18n/use-words.js'
import { ActivityTable } from '../../parts/ActivityTable.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { SearchField } from '../../parts/SearchField.js'
import { useSettled } from '../../parts/use-settled.js'

/** What everybody asked for, of one person or on one site where that is wanted. */
export function Activity() {
  const { t } = useWords()
  const [by, setBy] = useState('')
  const [site, setSite] = useState('')
  const wantedSite = useSettled(site.trim().toLowerCase())
  const query = useInfiniteQuery({
    // A name that is only half written is not asked for.
    ...activityQuery(useSettled(by.trim()), SiteName.safeParse(wantedSite).success ? wantedSite : ''),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHeader title={t('activity.allTitle')}>
        <SearchField label={t('activity.byLogin')} value={by} onChange={setBy} />
        <SearchField label={t('activity.bySite')} value={site} onChange={setSite} />
      </PageHeader>
      <div className="panel">
        <ActivityTable query={query} label={t('activity.allTitle')} withSite />
      </div>
    </>
  )
}
