import { useSyncExternalStore } from 'react'
import { markUnsaved } from '../../../unsaved.js'
import { isWithin } from './paths.js'

/** A file open in the editor: what was read, and what it has become. */
export interface OpenFile {
  path: string
  /** The version that the text was made from; a save must name it. null: it is not there (any more). */
  version: string | null
  saved: string
  text: string
  /** Grows when the text was replaced from outside, so that the editor shows the new one. */
  revision: number
  /** The server has another version by now, and there are changes here. */
  stale: boolean
}

type Files = ReadonlyMap<string, OpenFile>
const NONE: Files = new Map()

// Kept outside the page: what was typed is still there after a look at another tab.
const sites = new Map<string, Files>()
const listeners = new Set<() => void>()
let lastRevision = 0

export const isDirty = (file: OpenFile) => file.text !== file.saved

function replace(site: string, files: Files): void {
  sites.set(site, files)
  markUnsaved(`files ${site}`, [...files.values()].some(isDirty))
  for (const listener of listeners) listener()
}

function put(site: string, file: OpenFile): void {
  replace(site, new Map([...(sites.get(site) ?? NONE), [file.path, file]]))
}

export function findOpenFile(site: string, path: string): OpenFile | undefined {
  return sites.get(site)?.get(path)
}

/** Takes in what the server has. Changes made here are never overwritten: such a file is marked stale instead. */
export function takeIn(site: string, path: string, content: { version: string; text: string }): void {
  const known = findOpenFile(site, path)
  if (known?.version === content.version) return
  if (known && isDirty(known)) put(site, { ...known, stale: true })
  else loadText(site, path, content)
}

/** Shows this text, whatever was there. */
export function loadText(site: string, path: string, { version, text }: { version: string; text: string }): void {
  lastRevision += 1
  put(site, { path, version, saved: text, text, revision: lastRevision, stale: false })
}

export function editText(site: string, path: string, text: string): void {
  const file = findOpenFile(site, path)
  if (file && file.text !== text) put(site, { ...file, text })
}

/** The text that was sent is saved; what was typed meanwhile is not. */
export function markSaved(site: string, path: string, text: string, version: string): void {
  const file = findOpenFile(site, path)
  if (file) put(site, { ...file, saved: text, version, stale: false })
}

/** Keeps the text and takes another version as the one it replaces. */
export function rebase(site: string, path: string, version: string | null): void {
  const file = findOpenFile(site, path)
  if (file) put(site, { ...file, version, stale: false })
}

/** Forgets a file, or all files of a folder. */
export function closeFiles(site: string, path: string): void {
  replace(site, new Map([...(sites.get(site) ?? NONE)].filter(([other]) => !isWithin(other, path))))
}

/** Follows a file or folder to its new name. */
export function moveFiles(site: string, from: string, to: string): void {
  const move = (path: string) => (isWithin(path, from) ? to + path.slice(from.length) : path)
  const files = [...(sites.get(site) ?? NONE).values()].map((file) => ({ ...file, path: move(file.path) }))
  replace(site, new Map(files.map((file) => [file.path, file])))
}

export function useOpenFiles(site: string): Files {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => sites.get(site) ?? NONE,
  )
}
