import { useQuery } from '@tanstack/react-query'
import { findCpuMilli } from '../../../api/cpu-rates.js'
import { operationsQuery } from '../../../api/operations.js'
import { useStackWords } from '../../../i18n/use-stack-words.js'
import { UNKNOWN, useWords } from '../../../i18n/use-words.js'
import { Address } from '../../../parts/Address.js'
import { Fact } from '../../../parts/Fact.js'
import { Icon } from '../../../parts/Icon.js'
import { Meter } from '../../../parts/Meter.js'
import { useNow } from '../../../parts/use-now.js'
import { useSite } from '../use-site.js'
import { Advice } from './Advice.js'
import { GettingStarted } from './GettingStarted.js'
import { LastMinutes } from './LastMinutes.js'
import { LaunchPanel } from './LaunchPanel.js'
import { OperationList } from './OperationList.js'
import { Programs } from './Programs.js'
import { QrButton } from './QrButton.js'

function Facts() {
  const { t, ago, date, number } = useWords()
  const { stackOf } = useStackWords()
  const site = useSite()
  useNow(30_000)
  const urlOf = (domain: string) => site.url.replace(site.domains[0] ?? '', domain)
  return (
    <section className="panel panel-body" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('overview.facts')}</h2>
      <dl className="facts">
        <Fact label={t('site.addresses')}>
          {site.domains.map((domain) => (
            <span key={domain} className="address-line">
              <Address url={urlOf(domain)} copy />
              <QrButton url={urlOf(domain)} />
            </span>
          ))}
        </Fact>
        <Fact label={t('site.stack')}>{stackOf(site.stack)}</Fact>
        <Fact label={t('site.owner')}>{site.owner}</Fact>
        <Fact label={t('site.started')}>
          {site.startedAt ? (
            <time dateTime={site.startedAt} title={date(site.startedAt)}>
              {ago(site.startedAt)}
            </time>
          ) : (
            UNKNOWN
          )}
        </Fact>
        <Fact label={t('site.created')}>{date(site.createdAt)}</Fact>
        <Fact label={t('site.restarts')}>{number(site.restarts)}</Fact>
        <Fact label={t('site.privateAddresses')}>
          <code>{site.ipv4}</code>
          <br />
          <code>{site.ipv6}</code>
        </Fact>
      </dl>
    </section>
  )
}

function Usage() {
  const { t, bytes, cores, number } = useWords()
  const site = useSite()
  const { usage, limits } = site
  return (
    <section className="panel panel-body" aria-labelledby="usage-title">
      <h2 id="usage-title">{t('overview.usage')}</h2>
      <div className="meters">
        <Meter label={t('usage.cpu')} used={findCpuMilli(site.name)} limit={limits.cpuMilli} format={cores} />
        <Meter label={t('usage.memory')} used={usage?.memoryBytes} limit={limits.memoryBytes} format={bytes} />
        <Meter label={t('usage.disk')} used={usage?.diskUsedBytes} limit={limits.diskBytes} format={bytes} />
        <Meter label={t('usage.processes')} used={usage?.pids} limit={limits.pids} format={number} />
      </div>
    </section>
  )
}

/** What a sleeping site waits for. */
function Asleep() {
  const { t, ago } = useWords()
  const site = useSite()
  if (site.state !== 'asleep') return null
  return (
    <div className="note" role="status">
      <Icon name="moon" />
      <p className="mb-0">
        {t('sleep.isAsleep')} {site.wakeAt && t('sleep.wakes', { when: ago(site.wakeAt) })}
      </p>
    </div>
  )
}

/** The first tab: what is, what is being done, and what is wrong. */
export function Overview() {
  const site = useSite()
  const { data } = useQuery(operationsQuery)
  const operations = (data ?? []).filter(({ kind, subject }) => kind.startsWith('site.') && subject === site.name)
  return (
    <>
      <LaunchPanel site={site} operations={operations} />
      <Asleep />
      <Advice site={site} operations={operations} />
      <GettingStarted />
      {site.state === 'running' && site.rights.includes('edit') && <Programs />}
      <div className="two-columns">
        <Facts />
        <Usage />
      </div>
      <LastMinutes />
      <OperationList operations={operations} />
    </>
  )
}
