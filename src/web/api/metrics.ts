import { queryOptions } from '@tanstack/react-query'
import type { MetricSpan } from '../../model/metrics.js'
import { callApi } from './call-api.js'

/** A new step comes this often. */
const STEP_MS = 30_000

export const metricsQuery = (name: string, span: MetricSpan) =>
  queryOptions({
    queryKey: ['metrics', name, span],
    queryFn: ({ signal }) => callApi('siteMetrics', { params: { name }, query: { span } }, signal),
    refetchInterval: STEP_MS,
    staleTime: 0,
  })
