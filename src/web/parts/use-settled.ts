import { useEffect, useState } from 'react'

const PAUSE_MS = 250

/** What is typed, once the typing pauses: for questions to the server. */
export function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(typed), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [typed])
  return settled
}
