import { useSyncExternalStore } from 'react'
import { ApiError } from '../../../api/api-error.js'
import { findReceivedBytes, sendFile } from '../../../api/transfers.js'

/** One file on its way to a site. */
export interface Upload {
  id: string
  site: string
  path: string
  file: File
  sentBytes: number
  state: 'waiting' | 'sending' | 'done' | 'exists' | 'failed'
  replace: boolean
  error?: ApiError
}

// Kept outside the page: an upload goes on while another tab is looked at.
let uploads: readonly Upload[] = []
const listeners = new Set<() => void>()
const cancels = new Map<string, AbortController>()

function replaceAll(next: readonly Upload[]): void {
  uploads = next
  for (const listener of listeners) listener()
}

function change(id: string, facts: Partial<Upload>): void {
  replaceAll(uploads.map((upload) => (upload.id === id ? { ...upload, ...facts } : upload)))
}

export function useUploads(site: string): readonly Upload[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => uploads,
  )
  return all.filter((upload) => upload.site === site)
}

/** Sends files to a site, one after the other. `onDone` is told of each. */
export function addUploads(
  site: string,
  files: readonly { path: string; file: File }[],
  onDone: (path: string) => void,
): void {
  const added = files.map(
    ({ path, file }): Upload => ({ id: newId(), site, path, file, sentBytes: 0, state: 'waiting', replace: false }),
  )
  replaceAll([...uploads.filter(({ state }) => state !== 'done'), ...added])
  void work(onDone)
}

/** Again, from where it broke off; `replace`: over what is there. */
export function retryUpload(id: string, replace: boolean, onDone: (path: string) => void): void {
  const { error: _, ...upload } = uploads.find((each) => each.id === id) ?? {}
  replaceAll(uploads.map((each) => (each.id === id ? ({ ...upload, state: 'waiting', replace } as Upload) : each)))
  void work(onDone)
}

/** Takes uploads off the list; one that is under way is given up. */
export function dropUploads(ids: readonly string[]): void {
  for (const id of ids) cancels.get(id)?.abort()
  replaceAll(uploads.filter(({ id }) => !ids.includes(id)))
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

let working = false

async function work(onDone: (path: string) => void): Promise<void> {
  if (working) return
  working = true
  for (let next = findWaiting(); next; next = findWaiting()) await send(next, onDone)
  working = false
}

const findWaiting = () => uploads.find(({ state }) => state === 'waiting')

async function send({ id, site, path, file, replace }: Upload, onDone: (path: string) => void): Promise<void> {
  const cancel = new AbortController()
  cancels.set(id, cancel)
  change(id, { state: 'sending' })
  try {
    const offset = await findReceivedBytes(site, { path, upload: id, replace })
    await sendFile(site, { path, upload: id, replace, offset, file }, cancel.signal, (sentBytes) =>
      change(id, { sentBytes }),
    )
    change(id, { state: 'done', sentBytes: file.size })
    onDone(path)
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError({ code: 'internal', message: String(error) }, 0)
    change(id, { state: known.code === 'conflict' ? 'exists' : 'failed', error: known })
  } finally {
    cancels.delete(id)
  }
}
