import { useSyncExternalStore } from 'react'

export interface Toast {
  id: number
  kind: 'success' | 'error'
  title: string
  error?: Error
  link?: { to: string; text: string }
  /** Takes it back. */
  undo?: () => Promise<void>
}

const MOST = 4
let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function replace(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Shows a short message; errors stay until they are closed. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  lastId += 1
  replace([...toasts, { ...toast, id: lastId }].slice(-MOST))
}

export function closeToast(id: number): void {
  replace(toasts.filter((toast) => toast.id !== id))
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
