import { createHash } from 'node:crypto'
import type { SiteFiles, StreamOut, Upload } from '../../src/engine/engine.js'
import { AppError } from '../../src/model/errors.js'
import type { ArchiveEntry, FileEntry, FoundFile } from '../../src/model/files.js'
import type { Stack } from '../../src/model/stack.js'

interface Node {
  content: Uint8Array | undefined
  modifiedAt: string
  mode?: number
}

export const versionOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

const INDEX = '<!doctype html>\n<title>Hello</title>\n<h1>It works</h1>\n'

/** A tree of files in memory, with the answers of the real one: versions, conflicts, missing parents. */
export class FakeFiles implements SiteFiles {
  /** Uploads that broke off: id → what has come. */
  private readonly parts = new Map<string, Uint8Array>()
  /** Path → file, or folder when it has no content. */
  private readonly nodes = new Map<string, Node>([['', { content: undefined, modifiedAt: new Date(0).toISOString() }]])

  constructor(files: Record<string, string> = {}) {
    for (const [path, text] of Object.entries(files)) this.put(path, Buffer.from(text))
  }

  /** What a new site of that stack begins with. */
  static ofNewSite({ language }: Stack): FakeFiles {
    return new FakeFiles({
      [language === 'php' ? 'public/index.php' : 'public/index.html']: INDEX,
      'private/.keep': '',
    })
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
  clone(): FakeFiles {
    const copy = new FakeFiles()
    for (const [path, node] of this.nodes) copy.nodes.set(path, { ...node })
    return copy
  }

  async list(path: string): Promise<{ entries: FileEntry[]; truncated: boolean }> {
    if (this.find(path).content) throw new AppError('invalid', 'This is not a folder.')
    const prefix = path === '' ? '' : `${path}/`
    const entries = [...this.nodes]
      .filter(([name]) => name !== '' && name.startsWith(prefix) && !name.slice(prefix.length).includes('/'))
      .filter(([name]) => name !== path)
      .map(([name, node]) => entryOf(name.slice(prefix.length), node))
    return { entries: entries.sort((a, b) => a.name.localeCompare(b.name)), truncated: false }
  }

  async read(path: string): Promise<{ sizeBytes: number; version: string; content: Uint8Array }> {
    const { content } = this.find(path)
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
    this.find(from)
    if (this.nodes.has(to)) throw new AppError('conflict', 'There is something of that name already.')
    this.getParent(to)
    for (const [path, node] of [...this.nodes])
      if (path === from || path.startsWith(`${from}/`)) {
        this.nodes.delete(path)
        this.nodes.set(to + path.slice(from.length), node)
      }
  }

  async remove(path: string): Promise<void> {
    this.find(path)
    for (const name of [...this.nodes.keys()]) if (name === path || name.startsWith(`${path}/`)) this.nodes.delete(name)
  }

  async copy(from: string, to: string): Promise<void> {
    this.find(from)
    if (this.nodes.has(to)) throw taken()
    this.getParent(to)
    for (const [path, node] of [...this.nodes])
      if (path === from || path.startsWith(`${from}/`)) this.nodes.set(to + path.slice(from.length), { ...node })
  }

  async changeMode(path: string, mode: number): Promise<void> {
    this.find(path).mode = mode
  }

  async stat(path: string): Promise<FileEntry> {
    return entryOf(path.slice(path.lastIndexOf('/') + 1), this.find(path))
  }

  async download(path: string, { offset, lengthBytes }: { offset: number; lengthBytes: number }, out: StreamOut) {
    await out.take(this.find(path).content?.subarray(offset, offset + lengthBytes) ?? new Uint8Array())
  }

  async upload(
    path: string,
    { id, offset, sizeBytes, version, replace, keep }: Upload,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ version: string }> {
    if (this.nodes.has(path) && !replace) throw taken()
    const chunks = [(this.parts.get(id) ?? new Uint8Array()).subarray(0, offset)]
    if (chunks[0]?.length !== offset) throw new AppError('conflict', 'Another part of this upload was expected.')
    try {
      for await (const chunk of content) chunks.push(chunk)
    } catch (error) {
      if (keep) this.parts.set(id, Buffer.concat(chunks))
      throw error
    }
    const whole = Buffer.concat(chunks)
    if (whole.length !== sizeBytes || (version !== null && version !== versionOf(whole)))
      throw new AppError('invalid', 'What arrived is not what was announced.')
    this.parts.delete(id)
    this.put(path, whole)
    return { version: versionOf(whole) }
  }

  async findUploadedBytes(path: string, { id, replace }: Pick<Upload, 'id' | 'replace'>): Promise<number> {
    if (this.nodes.has(path) && !replace) throw taken()
    return this.parts.get(id)?.length ?? 0
  }

  async pack(path: string, format: string, out: StreamOut): Promise<{ complete: boolean }> {
    this.find(path)
    await out.take(Buffer.from(`${format} of ${path}`))
    return { complete: true }
  }

  /** An archive is a JSON object here: path → text. */
  async peek(archive: string, into: string): Promise<{ entries: ArchiveEntry[]; truncated: boolean }> {
    const entries = Object.entries(this.readArchive(archive)).map(([path, text]) => ({
      path,
      type: 'file' as const,
      sizeBytes: text.length,
      exists: this.nodes.has(into === '' ? path : `${into}/${path}`),
    }))
    return { entries, truncated: false }
  }

  async unpack(archive: string, into: string, replace: boolean): Promise<void> {
    for (const [name, text] of Object.entries(this.readArchive(archive))) {
      const path = into === '' ? name : `${into}/${name}`
      if (replace || !this.nodes.has(path)) this.put(path, Buffer.from(text))
    }
  }

  async search(
    below: string,
    text: string,
    where: 'names' | 'contents',
  ): Promise<{ found: FoundFile[]; truncated: boolean }> {
    const wanted = text.toLowerCase()
    const found = [...this.nodes].flatMap(([path, { content }]): FoundFile[] => {
      if (path === '' || !(below === '' || path.startsWith(`${below}/`))) return []
      const type = content ? 'file' : 'folder'
      if (where === 'names') return path.split('/').at(-1)?.toLowerCase().includes(wanted) ? [{ path, type }] : []
      const lines = content ? Buffer.from(content).toString().split('\n') : []
      return lines.flatMap((line, n) =>
        line.toLowerCase().includes(wanted) ? [{ path, type: 'file', line: n + 1, text: line }] : [],
      )
    })
    return { found, truncated: false }
  }

  private readArchive(path: string): Record<string, string> {
    try {
      return JSON.parse(Buffer.from(this.find(path).content ?? []).toString())
    } catch {
      throw new AppError('invalid', 'This is not an archive that can be read.')
    }
  }

  private find(path: string): Node {
    const node = this.nodes.get(path)
    if (!node) throw new AppError('not_found', `There is no ${path}.`)
    return node
  }

  private getParent(path: string): void {
    if (this.find(path.split('/').slice(0, -1).join('/')).content)
      throw new AppError('invalid', 'This is not a folder.')
  }

  private set(path: string, content: Uint8Array | undefined): void {
    this.nodes.set(path, { content, modifiedAt: new Date().toISOString() })
  }
}

const taken = () => new AppError('conflict', 'There is something of that name already.')

function entryOf(name: string, { content, modifiedAt, mode }: Node): FileEntry {
  return content
    ? { name, type: 'file', sizeBytes: content.length, modifiedAt, mode: mode ?? 0o644 }
    : { name, type: 'folder', sizeBytes: 4096, modifiedAt, mode: mode ?? 0o755 }
}
