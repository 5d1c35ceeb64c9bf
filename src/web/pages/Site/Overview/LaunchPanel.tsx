import { Link, useLocation, useNavigate } from 'react-router'
import type { Operation } from '../../../../model/operation.js'
import type { Site } from '../../../../model/site.js'
import { useWords } from '../../../i18n/use-words.js'
import { shortAddress } from '../../../parts/Address.js'
import { CancelButton } from '../../../parts/CancelButton.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { Icon } from '../../../parts/Icon.js'
import { Mark } from '../../../parts/Mark.js'
import { Steps } from '../../../parts/Steps.js'

function LivePanel({ site, operation }: { site: Site; operation: Operation }) {
  const { t, duration } = useWords()
  const tookMs = operation.endedAt && Date.parse(operation.endedAt) - Date.parse(operation.createdAt)
  return (
    <section className="panel live-panel" aria-live="polite">
      <Mark size={56} />
      <div>
        <h2>{t('launch.live')}</h2>
        <p className="live-address">
          <a href={site.url} target="_blank" rel="noreferrer">
            {shortAddress(site.url)}
          </a>
          <CopyButton text={site.url} what={t('site.address')} />
        </p>
        <p className="text-body-secondary mb-0">{tookMs ? t('launch.took', { time: duration(tookMs) }) : ''}</p>
      </div>
      <div className="live-actions">
        <a className="btn btn-primary" href={site.url} target="_blank" rel="noreferrer">
          <Icon name="box-arrow-up-right" />
          {t('site.open')}
        </a>
        <Link className="btn btn-quiet" to={`/sites/${site.name}/files`}>
          <Icon name="pencil" />
          {t('launch.edit')}
        </Link>
      </div>
    </section>
  )
}

/** What is being done to the site now, step by step; after its creation, that it is live. */
export function LaunchPanel({ site, operations }: { site: Site; operations: Operation[] }) {
  const { t } = useWords()
  const created = (useLocation().state as { created?: string } | null)?.created
  const navigate = useNavigate()
  const running = operations.find(({ state }) => state === 'running')
  if (running)
    return (
      <section className="panel running-panel" aria-label={t(`operation.kind.${running.kind}`)}>
        <div className="panel-head">
          <h2>{t(`operation.running.${running.kind}`)}</h2>
          <CancelButton
            operation={running}
            {...(running.kind === 'site.create' && { onCancelled: () => void navigate('/sites') })}
          />
        </div>
        <Steps operation={running} />
      </section>
    )
  const creation = operations.find(({ id, state }) => id === created && state === 'done')
  if (!creation || site.state !== 'running') return null
  return <LivePanel site={site} operation={creation} />
}
