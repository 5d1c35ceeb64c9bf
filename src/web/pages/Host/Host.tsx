import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { HostStatus } from '../../../model/host-status.js'
import { doctorQuery, platformQuery } from '../../api/platform.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords } from '../../i18n/use-words.js'
import { ErrorNote } from '../../parts/ErrorNote.js'
import { Fact } from '../../parts/Fact.js'
import { HostStrip } from '../../parts/HostStrip.js'
import { PageHeader } from '../../parts/PageHeader.js'
import { Spinner } from '../../parts/Spinner.js'
import { HealthPanel } from './HealthPanel.js'
import { planRoom } from './plan-room.js'

function RoomPanel({ host, mostSites }: { host: HostStatus | undefined; mostSites: number }) {
  const { t, bytes, number } = useWords()
  const { data: sites = [] } = useQuery(sitesQuery('all'))
  const room = planRoom(host, sites, mostSites)
  return (
    <section className="panel panel-body" aria-labelledby="room-title">
      <h2 id="room-title">{t('machine.room')}</h2>
      <dl className="facts">
        <Fact label={t('machine.disk')}>{bytes(room.diskBytes)}</Fact>
        <Fact label={t('machine.byDisk')}>{number(room.byDisk)}</Fact>
        <Fact label={t('machine.byMemory')}>{number(room.byMemory)}</Fact>
        <Fact label={t('machine.places')}>{number(room.places)}</Fact>
      </dl>
    </section>
  )
}

const SPANS = [
  ['last10s', 10_000],
  ['last60s', 60_000],
  ['last300s', 300_000],
] as const

function PressurePanel({ pressure }: Pick<HostStatus, 'pressure'>) {
  const { t, percent, duration } = useWords()
  return (
    <section className="panel panel-body" aria-labelledby="pressure-title">
      <h2 id="pressure-title">{t('machine.pressure')}</h2>
      <p className="text-body-secondary">{t(pressure ? 'machine.pressureText' : 'machine.noPressure')}</p>
      {pressure && (
        <table className="table mb-0">
          <caption className="visually-hidden">{t('machine.pressure')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('machine.waitsFor')}</th>
              {SPANS.map(([name, ms]) => (
                <th key={name} scope="col" className="text-end">
                  {duration(ms)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['cpu', 'memory', 'io'] as const).map((what) => (
              <tr key={what}>
                <th scope="row" className="fw-normal">
                  {t(`machine.of.${what}`)}
                </th>
                {SPANS.map(([name]) => (
                  <td key={name} className="text-end">
                    {percent(pressure[what][name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function DoctorPanel() {
  const { t, ago } = useWords()
  const { data, error } = useQuery(doctorQuery)
  const count = (level: string) => data?.checks.filter((check) => check.level === level).length ?? 0
  return (
    <section className="panel panel-body" aria-labelledby="doctor-title">
      <h2 id="doctor-title">{t('doctor.title')}</h2>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Spinner label={t('doctor.looking')} />}
      {data && (
        <dl className="facts">
          {(['broken', 'warning', 'unknown', 'ok'] as const).map((level) => (
            <Fact key={level} label={t(`doctor.level.${level}`)}>
              {count(level)}
            </Fact>
          ))}
        </dl>
      )}
      <p className="mb-0 mt-2">
        <Link to="/platform/doctor">{t('machine.toDoctor')}</Link>
        {data && <span className="text-body-secondary"> · {ago(data.at)}</span>}
      </p>
    </section>
  )
}

/** The machine: what it does, what still fits on it, what waits, and whether the parts of Ruche work. */
export function Host() {
  const { t } = useWords()
  const { data, error, refetch } = useQuery(platformQuery)
  return (
    <>
      <PageHeader title={t('machine.title')} />
      <HostStrip />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className="two-columns">
          <div>
            <HealthPanel platform={data} />
            <PressurePanel pressure={data.host?.pressure} />
          </div>
          <div>
            <RoomPanel host={data.host} mostSites={data.mostSites} />
            <DoctorPanel />
          </div>
        </div>
      )}
    </>
  )
}
