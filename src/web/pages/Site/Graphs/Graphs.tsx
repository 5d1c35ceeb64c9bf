import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { METRIC_SPANS, type MetricSpan, type SiteMetrics } from '../../../../model/metrics.js'
import type { Site } from '../../../../model/site.js'
import { metricsQuery } from '../../../api/metrics.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { Chart } from './Chart.js'
import { useCharts } from './use-charts.js'

function Charts({ metrics, limits }: { metrics: SiteMetrics; limits: Site['limits'] }) {
  const charts = useCharts(metrics, limits)
  return (
    <div className="charts">
      {Object.entries(charts).map(([name, chart]) => (
        <Chart key={name} {...chart} />
      ))}
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
