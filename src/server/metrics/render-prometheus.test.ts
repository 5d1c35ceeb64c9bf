import { expect, test } from 'vitest'
import { fakeHostStatus } from '../../../tests/helpers/fake-status.js'
import type { ContainerStatus } from '../../model/container.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { renderPrometheus } from './render-prometheus.js'
import { countRequest, newRequestCounts } from './request-counts.js'

const site = (more: Partial<ContainerStatus>): ContainerStatus => ({
  ...{
    id: 'shop',
    phase: 'running',
    wanted: 'running',
    template: 'x',
    ipv4: '',
    ipv6: '',
    sftpPort: 22_000,
    uidBase: 0,
  },
  ...{ limits: DEFAULT_LIMITS, restarts: 0 },
  ...more,
})

test('says what is known, and of what is not nothing', () => {
  const counts = newRequestCounts()
  const request = { at: 1, site: 'shop', host: '', address: '', method: 'GET', uri: '/', sentBytes: 1, agent: '' }
  countRequest(counts, { ...request, status: 200, seconds: 0.02 })
  countRequest(counts, { ...request, status: 503, seconds: 2 })
  const sites = [site({ usage: { cpuNs: 2e9, memoryBytes: 5 } }), site({ id: 'blog', phase: 'stopped' })]
  const text = renderPrometheus(fakeHostStatus([]), sites, new Map([['shop', counts]]))
  const lines = text.split('\n')
  for (const line of [
    'ruche_site_up{site="shop"} 1',
    'ruche_site_up{site="blog"} 0',
    'ruche_site_cpu_seconds_total{site="shop"} 2',
    'ruche_sites{state="stopped"} 1',
    'ruche_site_requests_total{site="shop",status="5xx"} 1',
    'ruche_site_request_seconds_bucket{site="shop",le="0.03"} 1',
    'ruche_site_request_seconds_bucket{site="shop",le="+Inf"} 2',
    'ruche_site_request_seconds_count{site="shop"} 2',
    '# TYPE ruche_site_request_seconds histogram',
  ])
    expect(lines).toContain(line)
  expect(text).not.toContain('pids')
  expect(text).not.toContain('ruche_site_cpu_seconds_total{site="blog"}')
  for (const line of lines)
    expect(line).toMatch(/^(# TYPE [a-z0-9_]+ (gauge|counter|histogram)|[a-z0-9_]+(\{[^}]*\})? -?[\d.e+-]+|)$/)
  expect(renderPrometheus(undefined, [], new Map())).not.toContain('ruche_host')
})
