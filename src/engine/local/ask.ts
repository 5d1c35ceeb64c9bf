import { type CallName, type CallParams, type CallResult, calls } from '../../model/calls.js'
import { type Conversation, converse, unavailable } from './conversation.js'

/** Asks the agent one thing and checks its answer. */
export type Ask = <N extends CallName>(
  call: N,
  params: CallParams<N>,
  options: Omit<Conversation, 'call' | 'params'>,
) => Promise<CallResult<N>>

export function makeAsk(socketPath: string): Ask {
  return async (call, params, options) => {
    const result = calls[call].result.safeParse(await converse(socketPath, { ...options, call, params }))
    if (!result.success) throw unavailable('its answer cannot be understood', result.error)
    return result.data as CallResult<typeof call>
  }
}
