/** What asks `up` to end: an interrupt from the keyboard, a polite signal, a terminal that is closed. */
export interface StopRequest {
  /** Aborted at the first one. */
  signal: AbortSignal
  /** Resolves at the first one. */
  asked: Promise<void>
  close(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `onAgain` is called at each further one. */
export function listenForStop(onAgain: () => void): StopRequest {
  const controller = new AbortController()
  const asked = new Promise<void>((resolve) =>
    controller.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  const onSignal = () => (controller.signal.aborted ? onAgain() : controller.abort())
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    asked,
    close: () => {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
