import { useSyncExternalStore } from 'react'
import { readPreference, writePreference } from './preferences.js'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function findTheme(): Theme {
  const stored = readPreference('theme')
  return THEMES.find((theme) => theme === stored) ?? 'auto'
}

let theme = findTheme()

function apply(): void {
  const shown = theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme
  document.documentElement.dataset.bsTheme = shown
}

/** Applies the chosen theme from the first paint on, and follows the system while it is “auto”. */
export function startTheme(): void {
  apply()
  dark.addEventListener('change', apply)
}

export function setTheme(next: Theme): void {
  theme = next
  writePreference('theme', next)
  apply()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}
