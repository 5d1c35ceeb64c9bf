/** Folder of a path; '' is the home itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** A folder and all folders above it, without the home: `a/b` gives `a`, `a/b`. */
export function foldersDownTo(folder: string): string[] {
  return folder === '' ? [] : [...foldersDownTo(folderOf(folder)), folder]
}

/** Whether a path is this one or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** Address at which visitors see a file, or undefined when it is not served. */
export function findPageUrl(siteUrl: string, path: string): string | undefined {
  if (!isWithin(path, 'public')) return undefined
  const parts = path.split('/').slice(1)
  if (/^index\.(php|html?)$/.test(parts.at(-1) ?? '')) parts[parts.length - 1] = ''
  return new URL(parts.map(encodeURIComponent).join('/'), siteUrl).href
}

/** What is wrong with a name that was typed for a file or folder. */
export function findFileNameProblem(
  name: string,
  taken: readonly string[],
): 'empty' | 'slash' | 'dots' | 'taken' | undefined {
  if (name.trim() === '') return 'empty'
  if (/[/\0]/.test(name)) return 'slash'
  if (name === '.' || name === '..') return 'dots'
  return taken.includes(name) ? 'taken' : undefined
}
