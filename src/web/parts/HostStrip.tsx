import { useQuery } from '@tanstack/react-query'
import type { ApiResult } from '../../model/api.js'
import type { HostStatus } from '../../model/host-status.js'
import { platformQuery } from '../api/platform.js'
import { useWords } from '../i18n/use-words.js'
import { Icon } from './Icon.js'
import { Meter } from './Meter.js'

function HostMeters({ host }: { host: HostStatus | undefined }) {
  const { t, bytes, number } = useWords()
  const usedMemory = host && host.memoryTotalBytes - host.memoryAvailableBytes
  const usedDisk = host && host.diskTotalBytes - host.diskAvailableBytes
  return (
    <>
      <Meter
        label={t('host.running')}
        used={host?.running}
        limit={host?.containers ?? 0}
        format={number}
        tones={false}
      />
      <Meter label={t('host.load')} used={host?.load[0]} limit={host?.cpus ?? 0} format={number} />
      <Meter label={t('usage.memory')} used={usedMemory} limit={host?.memoryTotalBytes ?? 0} format={bytes} />
      <Meter label={t('host.disk')} used={usedDisk} limit={host?.diskTotalBytes ?? 0} format={bytes} />
      <Meter
        label={t('host.promised')}
        used={host?.diskPromisedBytes}
        limit={host?.diskTotalBytes ?? 0}
        format={bytes}
      />
    </>
  )
}

function Troubles({ platform }: { platform: ApiResult<'platform'> }) {
  const { t } = useWords()
  const troubles = [
    platform.directory === 'unreachable' && t('host.directory'),
    !platform.proxy.ok && `${t('host.proxy')} ${platform.proxy.message ?? ''}`,
    !platform.host && t('host.engine'),
  ].filter((text) => text !== false)
  return troubles.map((text) => (
    <div key={text} className="note note-error" role="status">
      <Icon name="exclamation-triangle" />
      <p className="mb-0">{text}</p>
    </div>
  ))
}

/** The machine at a glance, and what of the platform does not work. */
export function HostStrip() {
  const { t } = useWords()
  const { data } = useQuery(platformQuery)
  return (
    <>
      {data && <Troubles platform={data} />}
      <section className="panel host-strip" aria-label={t('host.title')}>
        <HostMeters host={data?.host} />
      </section>
    </>
  )
}
