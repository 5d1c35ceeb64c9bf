/** What this browser remembers for the person: no more than how pages look, and what was closed on them. */
export type PreferenceName = 'language' | 'theme' | 'closed' | `started.${string}`

export function readPreference(name: PreferenceName): string | undefined {
  try {
    return localStorage.getItem(`ruche.${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function writePreference(name: PreferenceName, value: string): void {
  try {
    localStorage.setItem(`ruche.${name}`, value)
  } catch {
    // A browser that keeps nothing still shows the choice until the page is closed.
  }
}
