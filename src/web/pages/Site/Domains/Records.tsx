import { useQuery } from '@tanstack/react-query'
import type { DnsState } from '../../../../model/dns.js'
import type { Site } from '../../../../model/site.js'
import type { ZoneRecord } from '../../../../model/zone-record.js'
import { recordsQuery, removeRecord } from '../../../api/zone-records.js'
import { useWords } from '../../../i18n/use-words.js'
import { CopyButton } from '../../../parts/CopyButton.js'
import { Icon } from '../../../parts/Icon.js'
import { RemoveButton } from '../../../parts/RemoveButton.js'
import { AddRecord } from './AddRecord.js'

const ICONS = { announced: 'check-circle-fill', pending: 'clock', failed: 'exclamation-triangle' } as const

/** Where a record stands in DNS; nothing where none are announced. */
function Announced({ dns }: { dns: DnsState | undefined }) {
  const { t, ago, date } = useWords()
  if (!dns) return <span className="row-note">{t('records.unannounced')}</span>
  const { state, answer, updatedAt, nextTryAt } = dns
  return (
    <span className="row-note">
      {t(`records.${state}`, { when: ago(updatedAt), answer: answer ?? '' })}
      {state === 'failed' && nextTryAt !== undefined && ` ${t('certificate.next', { when: date(nextTryAt) })}`}
    </span>
  )
}

function RecordRow({ site, record }: { site: Site; record: ZoneRecord }) {
  const { t } = useWords()
  const { id, host, type, value, dns } = record
  return (
    <li>
      <Icon name={dns ? ICONS[dns.state] : 'globe2'} />
      <span className="flex-grow-1 text-break">
        <code>{host}</code> <span className="tag">{type}</span>
        <span className="row-note font-monospace">{value}</span>
        <Announced dns={dns} />
      </span>
      <CopyButton text={value} what={t('domains.recordValue')} />
      <RemoveButton
        label={t('records.remove', { type, host })}
        text={t('records.removeText')}
        action={t('action.remove')}
        onRemove={() => removeRecord(site.name, id)}
      />
    </li>
  )
}

/** Records that the owner adds below the site's platform name; not shown where the administrator does not allow them and there are none. */
export function Records({ site }: { site: Site }) {
  const { t } = useWords()
  const { data } = useQuery(recordsQuery(site.name))
  if (!data || (!data.allowed && data.records.length === 0)) return null
  return (
    <section className="panel panel-body" aria-labelledby="records-title">
      <h2 id="records-title">{t('records.title')}</h2>
      <p className="text-body-secondary">{t('records.text', { host: data.host })}</p>
      {data.records.length > 0 && (
        <ul className="item-list" aria-live="polite">
          {data.records.map((record) => (
            <RecordRow key={record.id} site={site} record={record} />
          ))}
        </ul>
      )}
      {data.allowed ? <AddRecord site={site} host={data.host} /> : <p className="mb-0">{t('records.refused')}</p>}
    </section>
  )
}
