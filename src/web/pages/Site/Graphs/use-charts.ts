import type { Metric, SiteMetrics } from '../../../../model/metrics.js'
import type { Site } from '../../../../model/site.js'
import { useWords } from '../../../i18n/use-words.js'
import type { ChartProps } from './Chart.js'
import type { Series } from './plan-chart.js'

/** What each chart of a site shows, by name. */
export function useCharts({ from, stepSeconds, values }: SiteMetrics, limits: Site['limits']) {
  const { t, bytes, cores, number, percent, duration } = useWords()
  const line = (metric: Metric, tone: string, label: string, per = 1): Series => ({
    label,
    tone,
    values: (values[metric] ?? []).map((value) => (value === null ? null : value / per)),
  })
  const time = { fromMs: Date.parse(from), stepMs: stepSeconds * 1000 }
  const rate = (value: number | undefined) =>
    value === undefined ? '–' : t('graphs.perSecond', { size: bytes(value) })
  const asCores = (value: number | undefined) => cores(value === undefined ? undefined : value * 1000)
  const asTime = (value: number | undefined) => duration(value === undefined ? undefined : value * 1000)
  const single = (metric: Metric, text: 'cpu' | 'memory' | 'disk' | 'processes' | 'throttled' | 'kills') => ({
    title: t(`graphs.${text}`),
    series: [line(metric, 'series-1', t(`graphs.${text}`))],
    ...time,
  })
  const several = (text: 'requests' | 'latency' | 'diskTraffic' | 'network', series: Series[]) => ({
    title: t(`graphs.${text}`),
    series,
    ...time,
  })
  return {
    cpu: { ...single('cpu', 'cpu'), limit: limits.cpuMilli / 1000, format: asCores },
    memory: { ...single('memoryBytes', 'memory'), limit: limits.memoryBytes, format: bytes },
    requests: {
      ...several('requests', [
        line('requests2xx', 'series-ok', '2xx'),
        line('requests3xx', 'series-2', '3xx'),
        line('requests4xx', 'series-3', '4xx'),
        line('requests5xx', 'series-4', '5xx'),
      ]),
      format: number,
    },
    latency: {
      ...several('latency', [
        line('medianSeconds', 'series-1', t('graphs.median')),
        line('slowSeconds', 'series-4', t('graphs.slow')),
      ]),
      format: asTime,
    },
    disk: { ...single('diskUsedBytes', 'disk'), limit: limits.diskBytes, format: bytes },
    diskTraffic: {
      ...several('diskTraffic', [
        line('readBytes', 'series-2', t('graphs.read'), stepSeconds),
        line('writtenBytes', 'series-1', t('graphs.written'), stepSeconds),
      ]),
      format: rate,
    },
    network: {
      ...several('network', [
        line('receivedBytes', 'series-2', t('graphs.received'), stepSeconds),
        line('sentBytes', 'series-1', t('graphs.sent'), stepSeconds),
      ]),
      format: rate,
    },
    processes: { ...single('pids', 'processes'), limit: limits.pids, format: number },
    throttled: { ...single('throttled', 'throttled'), format: percent },
    kills: { ...single('oomKills', 'kills'), format: number },
  } satisfies Record<string, ChartProps>
}
