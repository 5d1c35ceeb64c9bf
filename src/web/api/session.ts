import { useSyncExternalStore } from 'react'

let csrfToken: string | undefined
let waiting: { promise: Promise<void>; resolve: () => void } | undefined
const listeners = new Set<() => void>()

function changed(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function findCsrfToken(): string | undefined {
  return csrfToken
}

/** Every answer that says who is signed in also brings the token for the next unsafe request. */
export function keepCsrfToken(token: string): void {
  csrfToken = token
}

/** Opens the dialog that asks for the password again; settles once somebody has signed in. All callers wait for the same dialog. */
export function askToSignInAgain(): Promise<void> {
  if (!waiting) {
    let resolve = () => {}
    const promise = new Promise<void>((done) => {
      resolve = done
    })
    waiting = { promise, resolve }
    changed()
  }
  return waiting.promise
}

/** To be called after a successful sign-in: whoever waited goes on. */
export function sessionIsBack(): void {
  waiting?.resolve()
  waiting = undefined
  changed()
}

/** Whether the session has ended while somebody is at work. */
export function useSignInAsked(): boolean {
  return useSyncExternalStore(subscribe, () => waiting !== undefined)
}
