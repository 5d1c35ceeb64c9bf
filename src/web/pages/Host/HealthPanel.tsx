import type { ReactNode } from 'react'
import type { ApiResult } from '../../../model/api.js'
import { visibleText } from '../../../model/visible-text.js'
import { useWords } from '../../i18n/use-words.js'
import { Fact } from '../../parts/Fact.js'

type Platform = ApiResult<'platform'>

/** `off`: nobody asked for it. */
type Health = 'works' | 'broken' | 'off'
const TONES: Record<Health, string> = { works: 'state-running', broken: 'state-failed', off: 'state-stopped' }
const healthOf = (works: boolean): Health => (works ? 'works' : 'broken')

function Service(props: { label: string; health: Health; message?: string | undefined; children?: ReactNode }) {
  const { t } = useWords()
  const { label, health, message, children } = props
  return (
    <Fact label={label}>
      <span className={`state ${TONES[health]}`}>
        <span className="state-dot" aria-hidden="true" />
        {t(`machine.health.${health}`)}
      </span>
      {children && <span className="row-note">{children}</span>}
      {message !== undefined && <span className="row-note">{visibleText(message)}</span>}
    </Fact>
  )
}

/** The parts of the platform, and whether each does its work. */
export function HealthPanel({ platform }: { platform: Platform }) {
  const { t, ago } = useWords()
  const { host, proxy, directory, dns, publicAddresses, certificates } = platform
  const waiting = certificates.find(({ state }) => state !== 'valid')
  return (
    <section className="panel panel-body" aria-labelledby="services-title">
      <h2 id="services-title">{t('machine.services')}</h2>
      <dl className="facts">
        <Service label={t('machine.agent')} health={healthOf(host !== undefined)}>
          {host && t('machine.version', { version: host.version, ago: ago(host.startedAt), cgroups: host.cgroups })}
        </Service>
        <Service label={t('machine.proxy')} health={healthOf(proxy.ok)} message={proxy.message}>
          {platform.panelUrl}
        </Service>
        <Service
          label={t('machine.directory')}
          health={directory === 'none' ? 'off' : healthOf(directory === 'reachable')}
        />
        <Service label={t('machine.dns')} health={dns.mode === 'off' ? 'off' : healthOf(dns.ok)} message={dns.message}>
          {platform.baseDomain}
        </Service>
        <Service
          label={t('machine.addresses')}
          health={healthOf(publicAddresses.message === undefined)}
          message={publicAddresses.message}
        >
          {publicAddresses.addresses.join(', ')}
        </Service>
        <Service label={t('machine.certificates')} health={healthOf(waiting === undefined)} message={waiting?.message}>
          {certificates.map(({ names }) => names.join(', ')).join(' · ')}
        </Service>
      </dl>
    </section>
  )
}
