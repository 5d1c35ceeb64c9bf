import * as z from 'zod'
import type { ApiInput } from '../model/api.js'
import { ServerEvent } from '../model/events.js'
import { LogEntry } from '../model/site-log.js'
import { planRequest } from './plan-request.js'
import { assertSuccess } from './read-answer.js'
import { readLines } from './read-lines.js'
import type { Transport } from './transport.js'

/** Events of one connection, until it ends or `signal` aborts it. The first one is `resync`. */
export async function* followEvents(transport: Transport, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const answer = await transport({ ...planRequest('events', undefined), accept: 'text/event-stream', signal })
  await assertSuccess(answer)
  for await (const data of readEventData(readLines(answer))) {
    const event = ServerEvent.safeParse(JSON.parse(data))
    if (event.success) yield event.data
  }
}

/** New lines about a site, as `followEvents`. The first list, which may be empty, comes at once. */
export async function* followLogs(
  transport: Transport,
  input: ApiInput<'followLogs'>,
  signal: AbortSignal,
): AsyncGenerator<LogEntry[]> {
  const answer = await transport({ ...planRequest('followLogs', input), accept: 'text/event-stream', signal })
  await assertSuccess(answer)
  for await (const data of readEventData(readLines(answer))) yield z.array(LogEntry).parse(JSON.parse(data))
}

/** The `data` of each event of an event stream (WHATWG HTML §9.2.6); comments and other fields are passed over. */
export async function* readEventData(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let data: string[] = []
  for await (const line of lines) {
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
    else if (line === '' && data.length > 0) {
      yield data.join('\n')
      data = []
    }
  }
}
