import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { SiteMetrics } from '../../../../model/metrics.js'
import { metricsQuery } from '../../../api/metrics.js'
import { useWords } from '../../../i18n/use-words.js'
import { Chart } from '../Graphs/Chart.js'
import { cutToLast } from '../Graphs/plan-chart.js'
import { useCharts } from '../Graphs/use-charts.js'
import { useSite } from '../use-site.js'

const MINUTES = 15

function Charts({ metrics }: { metrics: SiteMetrics }) {
  const { limits } = useSite()
  const { cpu, memory, requests } = useCharts(cutToLast(metrics, MINUTES * 60), limits)
  return (
    <div className="charts charts-small">
      <Chart {...cpu} toLimit />
      <Chart {...memory} toLimit />
      <Chart {...requests} />
    </div>
  )
}

/** What the site used just now, and how near that is to its limits. Where it cannot be told, the Graphs tab says why. */
export function LastMinutes() {
  const { t } = useWords()
  const { name } = useSite()
  const { data } = useQuery(metricsQuery(name, 'hour'))
  if (!data) return null
  return (
    <section aria-labelledby="last-minutes-title">
      <div className="charts-head">
        <h2 id="last-minutes-title">{t('overview.lastMinutes', { count: MINUTES })}</h2>
        <Link to="graphs">{t('overview.moreGraphs')}</Link>
      </div>
      <Charts metrics={data} />
    </section>
  )
}
