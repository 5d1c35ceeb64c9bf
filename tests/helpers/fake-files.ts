import { createHash } from 'node:crypto'
import type { SiteFiles } from '../../src/engine/engine.js'
import { AppError } from '../../src/model/errors.js'
import type { FileEntry } from '../../src/model/files.js'

interface Node {
  content: Uint8Array | undefined
  modifiedAt: string
}

export const versionOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A tree of files in memory, with the answers of the real one: versions, conflicts, missing parents. */
export class FakeFiles implements SiteFiles {
  /** Path → file, or folder when it has no content. */
  private readonly nodes = new Map<string, Node>([['', { content: undefined, modifiedAt: new Date(0).toISOString() }]])

  constructor(files: Record<string, string> = {}) {
    for (const [path, text] of Object.entries(files)) this.put(path, Buffer.from(text))
  }

  /** Lays a file and the folders above it. */
  put(path: string, content: Uint8Array): void {
    const parts = path.split('/')
    for (let n = 1; n < parts.length; n++) {
      const folder = parts.slice(0, n).join('/')
      if (!this.nodes.has(folder)) this.set(folder, undefined)
    }
    this.set(path, content)
  }

  /** The same files, apart from now on. */
  copy(): FakeFiles {
    const copy = new FakeFiles()
    for (const [path, node] of this.nodes) copy.nodes.set(path, { ...node })
    return copy
  }

  async list(path: string): Promise<{ entries: FileEntry[]; truncated: boolean }> {
    if (this.get(path).content) throw new AppError('invalid', 'This is not a folder.')
    const prefix = path === '' ? '' : `${path}/`
    const entries = [...this.nodes]
      .filter(([name]) => name !== '' && name.startsWith(prefix) && !name.slice(prefix.length).includes('/'))
      .filter(([name]) => name !== path)
      .map(([name, node]) => entryOf(name.slice(prefix.length), node))
    return { entries: entries.sort((a, b) => a.name.localeCompare(b.name)), truncated: false }
  }

  async read(path: string): Promise<{ sizeBytes: number; version: string; content: Uint8Array }> {
    const { content } = this.get(path)
    if (!content) throw new AppError('invalid', 'This is a folder.')
    return { sizeBytes: content.length, version: versionOf(content), content }
  }

  async save(path: string, base: string | null, content: Uint8Array): Promise<{ version: string }> {
    const now = this.nodes.get(path)
    if (now && !now.content) throw new AppError('invalid', 'This is a folder.')
    const version = now?.content ? versionOf(now.content) : null
    if (version !== base)
      throw new AppError('conflict', now ? 'The file was changed meanwhile.' : 'The file is gone.', {
        hint: 'Look at both versions.',
      })
    this.getParent(path)
    this.set(path, content)
    return { version: versionOf(content) }
  }

  async makeFolder(path: string): Promise<void> {
    if (this.nodes.has(path)) throw new AppError('conflict', 'There is something of that name already.')
    this.getParent(path)
    this.set(path, undefined)
  }

  async rename(from: string, to: string): Promise<void> {
    this.get(from)
    if (this.nodes.has(to)) throw new AppError('conflict', 'There is something of that name already.')
    this.getParent(to)
    for (const [path, node] of [...this.nodes])
      if (path === from || path.startsWith(`${from}/`)) {
        this.nodes.delete(path)
        this.nodes.set(to + path.slice(from.length), node)
      }
  }

  async remove(path: string): Promise<void> {
    this.get(path)
    for (const name of [...this.nodes.keys()]) if (name === path || name.startsWith(`${path}/`)) this.nodes.delete(name)
  }

  private get(path: string): Node {
    const node = this.nodes.get(path)
    if (!node) throw new AppError('not_found', `There is no ${path}.`)
    return node
  }

  private getParent(path: string): void {
    if (this.get(path.split('/').slice(0, -1).join('/')).content) throw new AppError('invalid', 'This is not a folder.')
  }

  private set(path: string, content: Uint8Array | undefined): void {
    this.nodes.set(path, { content, modifiedAt: new Date().toISOString() })
  }
}

function entryOf(name: string, { content, modifiedAt }: Node): FileEntry {
  return content
    ? { name, type: 'file', sizeBytes: content.length, modifiedAt, mode: 0o644 }
    : { name, type: 'folder', sizeBytes: 4096, modifiedAt, mode: 0o755 }
}
