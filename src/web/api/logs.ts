import { useEffect, useState } from 'react'
import * as z from 'zod'
import { LogEntry, type LogFilter, MOST_LOG_LINES } from '../../model/site-log.js'
import { callApi } from './call-api.js'

const FIRST_LINES = 500
/** More than these are not kept on the page. */
const MOST_KEPT = 5000
const AGAIN_MS = 5000

export async function fetchLogs(name: string, filter: LogFilter, lines = MOST_LOG_LINES): Promise<LogEntry[]> {
  return (await callApi('siteLogs', { params: { name }, query: { ...filter, lines } })).lines
}

/** A line with a name of its own, for the page. */
export type ShownLine = LogEntry & { key: number }

let serial = 0
const named = (lines: LogEntry[]): ShownLine[] =>
  lines.map((line) => {
    serial += 1
    return { ...line, key: serial }
  })

export interface FollowedLog {
  lines: ShownLine[] | undefined
  error: Error | undefined
  /** New lines do not come just now. */
  isCut: boolean
}

/** The last lines that pass the filter, and the new ones as they come. */
export function useFollowedLog(name: string, { level, sources, text }: LogFilter): FollowedLog {
  const [log, setLog] = useState<FollowedLog>({ lines: undefined, error: undefined, isCut: false })
  useEffect(() => {
    const filter: LogFilter = { ...(level && { level }), ...(sources && { sources }), ...(text && { text }) }
    const leave = followLog(name, filter, (change) => setLog((before) => ({ ...before, ...change(before) })))
    return leave
  }, [name, level, sources, text])
  return log
}

type Change = (before: FollowedLog) => Partial<FollowedLog>

/** Each time that the stream opens, all is asked for anew: what came meanwhile is in it. */
function followLog(name: string, filter: LogFilter, tell: (change: Change) => void): () => void {
  const query = new URLSearchParams(filter as Record<string, string>)
  let source: EventSource | undefined
  let timer: number | undefined
  let early: LogEntry[] | undefined
  let isOver = false
  const load = async () => {
    early = []
    const lines = await fetchLogs(name, filter, FIRST_LINES)
    const added = withoutKnown(early, lines)
    early = undefined
    if (!isOver) tell(() => ({ lines: named([...lines, ...added]), error: undefined, isCut: false }))
  }
  const connect = () => {
    source = new EventSource(`/api/sites/${name}/logs/follow?${query}`)
    source.addEventListener('open', () => {
      load().catch((error: Error) => isOver || tell(() => ({ error })))
    })
    source.addEventListener('lines', (event: MessageEvent<string>) => {
      const added = z.array(LogEntry).parse(JSON.parse(event.data))
      if (early) early.push(...added)
      else tell(({ lines = [] }) => ({ lines: [...lines, ...named(added)].slice(-MOST_KEPT) }))
    })
    source.addEventListener('error', () => {
      tell(() => ({ isCut: true }))
      if (source?.readyState === EventSource.CLOSED) timer = window.setTimeout(connect, AGAIN_MS)
    })
  }
  connect()
  return () => {
    isOver = true
    window.clearTimeout(timer)
    source?.close()
  }
}

/** What came by the stream while the last lines were asked for may be among them. */
function withoutKnown(added: LogEntry[], lines: LogEntry[]): LogEntry[] {
  const known = new Set(lines.map((line) => JSON.stringify(line)))
  return added.filter((line) => !known.has(JSON.stringify(line)))
}
