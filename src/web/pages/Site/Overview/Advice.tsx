import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Operation } from '../../../../model/operation.js'
import type { Site } from '../../../../model/site.js'
import { ApiError } from '../../../api/api-error.js'
import { siteLogsQuery } from '../../../api/sites.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote, ErrorText } from '../../../parts/ErrorNote.js'
import { Icon } from '../../../parts/Icon.js'
import { Spinner } from '../../../parts/Spinner.js'
import { findTroubles } from './find-troubles.js'

function LastLines({ name }: { name: string }) {
  const { t } = useWords()
  const { data, error } = useQuery(siteLogsQuery(name))
  if (error) return <ErrorNote error={error} />
  if (!data) return <Spinner label={t('general.loading')} />
  if (data.length === 0) return <p className="mb-0">{t('site.noLog')}</p>
  const text = data.map((line) => `${line.source}: ${line.text}`).join('\n')
  // A text area can be scrolled and copied from by keyboard.
  return <textarea className="log" readOnly rows={12} wrap="off" aria-label={t('site.log')} value={text} />
}

function LogDisclosure({ name }: { name: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <details className="mt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('site.log')}</summary>
      {open && <LastLines name={name} />}
    </details>
  )
}

/** Why the site is down, slow or about to be, in words, with what to do. */
export function Advice({ site, operations }: { site: Site; operations: Operation[] }) {
  const { t } = useWords()
  return findTroubles(site, operations).map((trouble) => (
    <div key={trouble.kind} className={`note ${trouble.kind === 'failed' ? 'note-error' : 'note-warn'}`} role="status">
      <Icon name="exclamation-triangle" />
      <div>
        <p className="fw-semibold mb-1">{t(`trouble.${trouble.kind}`, { count: trouble.count ?? 1 })}</p>
        {trouble.reason && <p className="mb-1 text-break">{trouble.reason}</p>}
        {trouble.error && <ErrorText error={new ApiError(trouble.error, 500)} />}
        {(trouble.kind === 'memory' || trouble.kind === 'disk') && site.rights.includes('manage') && (
          <Link to="settings">{t('trouble.raise')}</Link>
        )}
        {trouble.kind === 'failed' && site.rights.includes('edit') && <LogDisclosure name={site.name} />}
      </div>
    </div>
  ))
}
