import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'

const LOOK_MS = 15_000

/**
 * For answers that stay open: tells once when the session that they came by is over, or its rights are others now. Answers how to stop
 * watching.
 */
export function watchSession(
  { sessions, changes, log }: Pick<Dependencies, 'sessions' | 'changes' | 'log'>,
  who: Requester,
  onOver: () => void,
): () => void {
  const { session } = who
  if (session === undefined) return () => undefined
  const over = () => {
    stop()
    onOver()
  }
  const leave = changes.subscribe((change) => {
    if (change.type === 'sessionGone' && change.session === session) over()
  })
  const timer = setInterval(() => {
    sessions
      .look(session)
      .then((now) => now?.administrator === who.administrator || over())
      .catch((error: unknown) => log.error({ err: error }, 'a session could not be looked at'))
  }, LOOK_MS)
  const stop = () => {
    clearInterval(timer)
    leave()
  }
  return stop
}
