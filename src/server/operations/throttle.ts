/** Calls `act` at once, then at most once per interval while calls keep coming; the last call is never lost. */
export function throttle(intervalMs: number, act: () => void): { call: () => void; flush: () => void } {
  let timer: NodeJS.Timeout | undefined
  let wanted = false
  const fire = () => {
    wanted = false
    act()
    timer = setTimeout(() => {
      timer = undefined
      if (wanted) fire()
    }, intervalMs)
    timer.unref()
  }
  return {
    call() {
      wanted = true
      if (!timer) fire()
    },
    flush() {
      clearTimeout(timer)
      timer = undefined
      if (wanted) act()
      wanted = false
    },
  }
}
