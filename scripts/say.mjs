// How the scripts speak: one line a step, with its time when it took any.
const started = performance.now()

/** Runs a step and prints what it was and how long it took; says nothing when `quick` work took no time. */
export async function step(what, work) {
  const before = performance.now()
  const result = await work()
  const seconds = (performance.now() - before) / 1000
  if (seconds >= 0.3) console.error(`  ${what} (${seconds.toFixed(1)} s)`)
  return result
}

export function say(text) {
  console.error(text)
}

export function elapsedSeconds() {
  return (performance.now() - started) / 1000
}

/** Ends the script with words a person can act on. */
export function stop(message, hint) {
  console.error(`error: ${message}`)
  if (hint) console.error(`hint: ${hint}`)
  process.exit(1)
}
