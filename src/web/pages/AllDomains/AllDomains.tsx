import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiResult } from '../../../model/api.js'
import type { PlatformCertificate } from '../../../model/certificate.js'
import type { ListedName } from '../../../model/domain.js'
import { allNamesQuery } from '../../api/platform.js'
import { useWords } from '../../i18n/use-words.js'
import { EmptyState } from '../../parts/EmptyState.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Fact } from '../../parts/Fact.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { SearchField } from '../../parts/SearchField.js'
import { Spinner } from '../../parts/Spinner.js'
import { CertificateWords } from './CertificateWords.js'
import { findNames, type Order, SHOWN, type Shown, sortNames } from './find-names.js'
import { isBadCertificate, needsAttention } from './judge-name.js'
import { NamesTable } from './NamesTable.js'

function ShownFilter({ value, onChange }: { value: Shown; onChange: (shown: Shown) => void }) {
  const { t } = useWords()
  return (
    <select
      className="form-select state-filter"
      aria-label={t('allNames.filter')}
      value={value}
      onChange={(event) => onChange(event.target.value as Shown)}
    >
      {SHOWN.map((shown) => (
        <option key={shown} value={shown}>
          {t(`allNames.show.${shown}`)}
        </option>
      ))}
    </select>
  )
}

function Summary({ data, onShow }: { data: ApiResult<'listAllNames'>; onShow: () => void }) {
  const { t } = useWords()
  const nowMs = Date.now()
  const names = data.names.filter((name) => needsAttention(name, nowMs)).length
  const count = names + data.certificates.filter((one) => isBadCertificate(one, nowMs)).length
  return (
    <div className={`note align-items-center ${count > 0 ? 'note-warn' : ''}`} role="status">
      <Icon name={count > 0 ? 'exclamation-triangle' : 'check-circle-fill'} />
      <div>
        <strong>{count > 0 ? t('allNames.attention', { count }) : t('allNames.good')}</strong>
        {' · '}
        {t('allNames.found', { count: data.names.length })}
      </div>
      {names > 0 && (
        <button type="button" className="btn btn-sm btn-quiet ms-auto" onClick={onShow}>
          {t('allNames.showThem')}
        </button>
      )}
    </div>
  )
}

function PlatformCertificates({ certificates }: { certificates: PlatformCertificate[] }) {
  const { t } = useWords()
  if (certificates.length === 0) return null
  return (
    <section className="panel panel-body" aria-labelledby="platform-certificates">
      <h2 id="platform-certificates">{t('allNames.certificates')}</h2>
      <dl className="facts">
        {certificates.map((certificate) => (
          <Fact key={certificate.names.join()} label={certificate.names.join(', ')}>
            <CertificateWords certificate={certificate} />
          </Fact>
        ))}
      </dl>
    </section>
  )
}

/** The platform names share one certificate: the one with the wildcard. */
const planCertificates = (certificates: PlatformCertificate[]) => {
  const shared = certificates.find(({ names }) => names.some((name) => name.startsWith('*.')))
  return ({ state, certificate }: ListedName) => (state === 'platform' ? shared : certificate)
}

/** Every name of the platform, and whether it is as it should be. */
export function AllDomains() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(allNamesQuery)
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const [order, setOrder] = useState<Order>({ column: 'name', descending: false })
  const certificateOf = planCertificates(data?.certificates ?? [])
  const found = findNames(data?.names ?? [], search, shown, Date.now())
  return (
    <>
      <PageHeader title={t('allNames.title')}>
        <ShownFilter value={shown} onChange={setShown} />
        <SearchField label={t('allNames.search')} value={search} onChange={setSearch} />
      </PageHeader>
      <p className="text-body-secondary">{t('allNames.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('general.loading')} />}
      {data && (
        <>
          <Summary data={data} onShow={() => setShown('attention')} />
          <PlatformCertificates certificates={data.certificates} />
          {data.names.length === 0 ? (
            <EmptyState title={t('allNames.empty')} />
          ) : (
            <NamesTable
              names={sortNames(found, order, (name) => certificateOf(name)?.validUntil)}
              order={order}
              onOrder={setOrder}
              certificateOf={certificateOf}
            />
          )}
        </>
      )}
    </>
  )
}
