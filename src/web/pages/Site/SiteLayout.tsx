import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Outlet, useLocation, useParams } from 'react-router'
import type { Site } from '../../../model/site.js'
import { ApiError } from '../../api/api-error.js'
import { siteQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { Address } from '../../parts/Address.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { PowerButtons } from '../../parts/PowerButtons.js'
import { Spinner } from '../../parts/Spinner.js'
import { StateDot } from '../../parts/StateDot.js'
import { Tabs } from '../../parts/Tabs.js'
import { NotFound } from '../NotFound.js'
import { isDirty, useOpenFiles } from './Files/open-files.js'
import { findTabs, mayOpen } from './tabs.js'
import '../../styles/files.css'
import '../../styles/file-work.css'
import '../../styles/terminal.css'
import '../../styles/owner.css'
import '../../styles/visitors.css'
import '../../styles/backups.css'

function SiteTabs({ site }: { site: Site }) {
  const { t } = useWords()
  const dirty = [...useOpenFiles(site.name).values()].some(isDirty)
  const tabs = findTabs(site).map(({ to, text }) => ({
    to,
    label: (
      <>
        {t(text)}
        {to === 'files' && dirty && <span className="dirty-dot" title={t('files.dirty')} />}
      </>
    ),
  }))
  return <Tabs label={t('site.tabs')} tabs={tabs} />
}

function SiteHeader({ site }: { site: Site }) {
  const { t } = useWords()
  return (
    <PageHeader
      title={site.name}
      below={
        <div className="page-facts">
          <StateDot state={site.state} />
          <Address url={site.url} copy />
        </div>
      }
    >
      <PowerButtons site={site} />
      <a className="btn btn-primary" href={site.url} target="_blank" rel="noreferrer">
        <Icon name="box-arrow-up-right" />
        {t('site.open')}
      </a>
    </PageHeader>
  )
}

/** The frame of a site's page: name, state, address, power, tabs. */
export function SiteLayout() {
  const { t } = useWords()
  const { name = '' } = useParams()
  const { pathname } = useLocation()
  const { data: site, error, refetch } = useQuery(siteQuery(name))
  if (
    error instanceof ApiError &&
    (error.code === 'not_found' || error.code === 'forbidden' || error.code === 'invalid')
  )
    return <NotFound title={t('site.notFound', { name })} />
  if (!site)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  return (
    <>
      <SiteHeader site={site} />
      <SiteTabs site={site} />
      <Suspense fallback={<Spinner label={t('general.loading')} />}>
        {mayOpen(site, pathname) ? (
          <Outlet key={site.name} context={site} />
        ) : (
          <EmptyState title={t('site.notYours')}>
            <p>{t('site.notYoursText')}</p>
          </EmptyState>
        )}
      </Suspense>
    </>
  )
}
