import { type Hive, tell } from './hive.js'

/** At most one event in this time for each container: what its console says may be anything, and any amount. */
const REST_MS = 1000
/** A word of ssh-connection, which the template's own root says on the console when somebody connects. */
const CONNECTION = /^ssh: connection from /m

/** Tells the server when a console says that somebody has connected. */
export function openSshNotice(hive: Pick<Hive, 'listeners' | 'containers'>): (id: string, text: string) => void {
  const resting = new Map<string, { again: boolean }>()
  const rest = (id: string): void => {
    const state = { again: false }
    resting.set(id, state)
    tell(hive, { type: 'ssh', id })
    setTimeout(() => {
      resting.delete(id)
      if (state.again) rest(id)
    }, REST_MS).unref()
  }
  return (id, text) => {
    if (!CONNECTION.test(text) || !hive.containers.has(id)) return
    const state = resting.get(id)
    if (state) state.again = true
    else rest(id)
  }
}
