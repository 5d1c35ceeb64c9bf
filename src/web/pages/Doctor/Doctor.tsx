import { useQuery } from '@tanstack/react-query'
import type { Check, Examination } from '../../../model/doctor.js'
import { CHECK_AREAS, CHECKS } from '../../../model/doctor-checks.js'
import { doctorQuery } from '../../api/platform.js'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Icon } from '../../parts/Icon.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import { CheckPanel } from './CheckPanel.js'
import { useCheckWords } from './use-check-words.js'

function Verdict({ examination }: { examination: Examination }) {
  const { t, ago, duration } = useWords()
  const broken = examination.checks.filter(({ level }) => level === 'broken').length
  return (
    <div className={broken > 0 ? 'note note-error' : 'note'} role="status">
      <Icon name={broken > 0 ? 'exclamation-triangle' : 'check-circle-fill'} />
      <div>
        <p className="mb-0">
          <strong>{broken > 0 ? t('doctor.bad', { count: broken }) : t('doctor.good')}</strong>
        </p>
        <p className="mb-0">{t('doctor.took', { ago: ago(examination.at), time: duration(examination.tookMs) })}</p>
      </div>
    </div>
  )
}

/** Promises that hold, by what they are about. */
function Holding({ checks }: { checks: readonly Check[] }) {
  const { t } = useWords()
  const say = useCheckWords()
  const areas = CHECK_AREAS.map((area) => ({ area, held: checks.filter(({ id }) => CHECKS[id].area === area) }))
  return (
    <section className="panel panel-body" aria-label={t('doctor.level.ok')}>
      <h2>{t('doctor.level.ok')}</h2>
      {areas
        .filter(({ held }) => held.length > 0)
        .map(({ area, held }) => (
          <div key={area}>
            <h3 className="h6">{t(`doctor.area.${area}`)}</h3>
            <ul>
              {held.map(({ id }) => (
                <li key={id}>{say(CHECKS[id].promise)}</li>
              ))}
            </ul>
          </div>
        ))}
    </section>
  )
}

/** Whether every promise of Ruche holds on this machine: what is wrong first, and how to mend it. */
export function Doctor() {
  const { t } = useWords()
  const { data, error, isFetching, refetch } = useQuery(doctorQuery)
  const wrong = (data?.checks ?? []).filter(({ level }) => level !== 'ok')
  return (
    <>
      <PageHeader title={t('doctor.title')}>
        <button type="button" className="btn btn-primary" disabled={isFetching} onClick={() => void refetch()}>
          {isFetching ? <Spinner /> : <Icon name="arrow-clockwise" />}
          {isFetching ? t('doctor.looking') : t('doctor.again')}
        </button>
      </PageHeader>
      <p>{t('doctor.intro')}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Spinner label={t('doctor.looking')} />}
      {data && <Verdict examination={data} />}
      {wrong.map((check) => (
        <CheckPanel key={check.id} check={check} />
      ))}
      {data && <Holding checks={data.checks.filter(({ level }) => level === 'ok')} />}
    </>
  )
}
