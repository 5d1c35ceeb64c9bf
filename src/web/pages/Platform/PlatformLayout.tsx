import { Suspense } from 'react'
import { Outlet } from 'react-router'
import { useWords } from '../../i18n/use-words.js'
import { Spinner } from '../../parts/Spinner.js'
import { Tabs } from '../../parts/Tabs.js'
import { TABS } from './tabs.js'

/** The frame of the pages for administrators. */
export function PlatformLayout() {
  const { t } = useWords()
  return (
    <div className="wide">
      <Tabs label={t('platform.tabs')} tabs={TABS.map(({ to, text }) => ({ to, label: t(text) }))} />
      <Suspense fallback={<Spinner label={t('general.loading')} />}>
        <Outlet />
      </Suspense>
    </div>
  )
}
