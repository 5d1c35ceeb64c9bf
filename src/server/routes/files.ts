import { AppError } from '../../model/errors.js'
import { EDITOR_MAX_BYTES } from '../../model/files.js'
import { formatSize } from '../../model/sizes.js'
import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'

type Names =
  | 'listFiles'
  | 'readFile'
  | 'saveFile'
  | 'removeFile'
  | 'makeFolder'
  | 'renameFile'
  | 'copyFile'
  | 'setFileMode'
  | 'peekArchive'
  | 'unpackArchive'
  | 'searchFiles'

export function fileRoutes({ engine, operations }: Dependencies): Pick<RouteTable, Names> {
  return {
    listFiles: ({ query }, { who, site }) => engine.files(site.name, who.login).list(query.path),
    async readFile({ query: { path } }, { who, site }) {
      const { sizeBytes, version, content } = await engine.files(site.name, who.login).read(path)
      const text = sizeBytes <= EDITOR_MAX_BYTES && content.length === sizeBytes ? findText(content) : undefined
      return { path, sizeBytes, version, ...(text !== undefined && { text }) }
    },
    async saveFile({ query: { path }, body }, { who, site }) {
      const content = Buffer.from(body.content, 'base64')
      if (content.length > EDITOR_MAX_BYTES) throw tooLarge()
      return engine.files(site.name, who.login).save(path, body.base, content)
    },
    async removeFile({ query }, { who, site }) {
      if (query.path === '') throw new AppError('invalid', 'The home itself cannot be removed.')
      await engine.files(site.name, who.login).remove(query.path)
      return {}
    },
    async makeFolder({ query }, { who, site }) {
      await engine.files(site.name, who.login).makeFolder(query.path)
      return {}
    },
    async renameFile({ body }, { who, site }) {
      await engine.files(site.name, who.login).rename(body.from, body.to)
      return {}
    },
    async copyFile({ body }, { who, site }) {
      await engine.files(site.name, who.login).copy(body.from, body.to)
      return {}
    },
    async setFileMode({ query, body }, { who, site }) {
      await engine.files(site.name, who.login).changeMode(query.path, body.mode)
      return {}
    },
    peekArchive: ({ query }, { who, site }) => engine.files(site.name, who.login).peek(query.path, query.into),
    async unpackArchive({ body: { path, into, replace } }, { who, site }) {
      const { operation } = await operations.begin({
        kind: 'site.unpack',
        subject: site.name,
        by: who.login,
        cancellable: true,
        prepare: async () => undefined,
        run: (work) => {
          work.note({ step: 'unpack', message: path })
          return engine.files(site.name, who.login).unpack(path, into, replace, work.signal)
        },
      })
      return { operation: operation.id }
    },
    searchFiles: ({ query }, { who, site }) =>
      engine.files(site.name, who.login).search(query.path, query.text, query.where),
  }
}

/** The text of a file, byte for byte the same when it is written back; undefined when it is none: not UTF-8, or with NULs as UTF-16 has. */
export function findText(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}

function tooLarge(): AppError {
  const message = `at most ${formatSize(EDITOR_MAX_BYTES)} can be saved here`
  return new AppError('invalid', `The file is too large: ${message}.`, {
    hint: 'Use SFTP for large files.',
    fields: [{ path: 'content', message }],
  })
}
