import { joinPath } from './paths.js'

/** A file that was chosen or dropped, and where it belongs below the folder. */
export interface DroppedFile {
  path: string
  file: File
}

/** What was chosen in a file or folder chooser: a folder's files come with their path. */
export function findChosen(list: FileList, folder: string): DroppedFile[] {
  return [...list].map((file) => ({ path: joinPath(folder, file.webkitRelativePath || file.name), file }))
}

/** What was dropped, folders with all that is in them. Must be called in the event itself: afterwards a browser has forgotten it. */
export async function findDropped(transfer: DataTransfer, folder: string): Promise<DroppedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  return (await Promise.all(entries.map((entry) => walk(entry, folder)))).flat()
}

async function walk(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  const path = joinPath(folder, entry.name)
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: DroppedFile[] = []
  // It tells some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const below of some) found.push(...(await walk(below, path)))
  }
}
