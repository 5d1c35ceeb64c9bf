import type { Container, Hive } from '../containers/hive.js'
import type { ProcessMark } from '../host/processes.js'

const SITE_PORT = 80
const TIMEOUT_MS = 20_000

/** What a site answers to a visitor of its first page, asked from inside; undefined when that is no HTTP. AppError `timed_out`, `host_failed`. */
export async function fetchPage(
  hive: Hive,
  { record: { spec } }: Pick<Container, 'record'>,
  mark: ProcessMark,
  group: string = spec.id,
): Promise<number | undefined> {
  // As the front proxy would ask.
  const host = spec.settings.domains[0] ?? spec.id
  const lines = ['GET / HTTP/1.0', `Host: ${host}`, 'X-Forwarded-Proto: https', 'Connection: close', '', '']
  const answer = await hive.launcher.relay({
    pid: mark.pid,
    startTime: mark.startTime,
    cgroupProcs: hive.cgroups.procsFiles(group),
    port: SITE_PORT,
    request: lines.join('\r\n'),
    timeoutMs: TIMEOUT_MS,
  })
  return parseStatus(answer)
}

/** Pure: the status of an HTTP answer (RFC 9112 §4). */
export function parseStatus(answer: string): number | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})[ \r\n]/.exec(answer)?.[1]
  return status === undefined ? undefined : Number(status)
}
