import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { METRIC_SPANS, type Metric, type MetricSpan, type SiteMetrics } from '../../../../model/metrics.js'
import type { Site } from '../../../../model/site.js'
import { metricsQuery } from '../../../api/metrics.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { Chart } from './Chart.js'
import type { Series } from './plan-chart.js'

function Charts({ metrics, limits }: { metrics: SiteMetrics; limits: Site['limits'] }) {
  const { t, bytes, cores, number, percent, duration } = useWords()
  const { stepSeconds } = metrics
  const line = (metric: Metric, tone: string, label: string, per = 1): Series => ({
    label,
    tone,
    values: (metrics.values[metric] ?? []).map((value) => (value === null ? null : value / per)),
  })
  const time = { fromMs: Date.parse(metrics.from), stepMs: stepSeconds * 1000 }
  const rate = (value: number | undefined) =>
    value === undefined ? '–' : t('graphs.perSecond', { size: bytes(value) })
  const asCores = (value: number | undefined) => cores(value === undefined ? undefined : value * 1000)
  const asTime = (value: number | undefined) => duration(value === undefined ? undefined : value * 1000)
  const single = (metric: Metric, text: 'cpu' | 'memory' | 'disk' | 'processes' | 'throttled' | 'kills') => ({
    title: t(`graphs.${text}`),
    series: [line(metric, 'series-1', t(`graphs.${text}`))],
    ...time,
  })
  return (
    <div className="charts">
      <Chart {...single('cpu', 'cpu')} limit={limits.cpuMilli / 1000} format={asCores} />
      <Chart {...single('memoryBytes', 'memory')} limit={limits.memoryBytes} format={bytes} />
      <Chart
        title={t('graphs.requests')}
        series={[
          line('requests2xx', 'series-ok', '2xx'),
          line('requests3xx', 'series-2', '3xx'),
          line('requests4xx', 'series-3', '4xx'),
          line('requests5xx', 'series-4', '5xx'),
        ]}
        format={number}
        {...time}
      />
      <Chart
        title={t('graphs.latency')}
        series={[
          line('medianSeconds', 'series-1', t('graphs.median')),
          line('slowSeconds', 'series-4', t('graphs.slow')),
        ]}
        format={asTime}
        {...time}
      />
      <Chart {...single('diskUsedBytes', 'disk')} limit={limits.diskBytes} format={bytes} />
      <Chart
        title={t('graphs.diskTraffic')}
        series={[
          line('readBytes', 'series-2', t('graphs.read'), stepSeconds),
          line('writtenBytes', 'series-1', t('graphs.written'), stepSeconds),
        ]}
        format={rate}
        {...time}
      />
      <Chart
        title={t('graphs.network')}
        series={[
          line('receivedBytes', 'series-2', t('graphs.received'), stepSeconds),
          line('sentBytes', 'series-1', t('graphs.sent'), stepSeconds),
        ]}
        format={rate}
        {...time}
      />
      <Chart {...single('pids', 'processes')} limit={limits.pids} format={number} />
      <Chart {...single('throttled', 'throttled')} format={percent} />
      <Chart {...single('oomKills', 'kills')} format={number} />
    </div>
  )
}

/** What the site used and how it answered, over time. */
export function Graphs() {
  const { t } = useWords()
  const site = useSite()
  const [span, setSpan] = useState<MetricSpan>('hour')
  const { data, error, refetch } = useQuery(metricsQuery(site.name, span))
  return (
    <>
      <fieldset className="span-switch">
        <legend className="visually-hidden">{t('graphs.span')}</legend>
        {METRIC_SPANS.map((one) => (
          <button
            key={one}
            type="button"
            className={`btn btn-sm ${one === span ? 'btn-primary' : 'btn-quiet'}`}
            aria-pressed={one === span}
            onClick={() => setSpan(one)}
          >
            {t(`graphs.${one}`)}
          </button>
        ))}
      </fieldset>
      {data ? (
        <Charts metrics={data} limits={site.limits} />
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Spinner label={t('general.loading')} />
      )}
    </>
  )
}
