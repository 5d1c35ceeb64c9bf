import type { SiteFiles } from '../engine.js'
import type { Ask } from './ask.js'

/** Longer than any file call may take inside the agent. */
const SILENCE_MS = 120_000

const NO_INPUT = new Uint8Array()

/** The files of one site through the agent, in the name of `actor`. */
export function localFiles(ask: Ask, id: string, actor: string): SiteFiles {
  const options = { actor, silenceMs: SILENCE_MS }
  return {
    list: (path) => ask('files.list', { id, path }, options),
    read: async (path) => {
      const { content, ...rest } = await ask('files.read', { id, path }, options)
      return { ...rest, content: Buffer.from(content, 'base64') }
    },
    save: (path, base, content) =>
      ask('files.save', { id, path, base, content: Buffer.from(content).toString('base64') }, options),
    makeFolder: async (path) => {
      await ask('files.makeFolder', { id, path }, options)
    },
    rename: async (from, to) => {
      await ask('files.rename', { id, from, to }, options)
    },
    remove: async (path) => {
      await ask('files.remove', { id, path }, options)
    },
    copy: async (from, to) => {
      await ask('files.copy', { id, from, to }, options)
    },
    changeMode: async (path, mode) => {
      await ask('files.chmod', { id, path, mode }, options)
    },
    stat: (path) => ask('files.stat', { id, path }, options),
    findUploadedBytes: async (path, upload) => {
      const params = { id, path, upload: upload.id, replace: upload.replace }
      return (await ask('files.part', params, options)).receivedBytes
    },
    peek: (path, into) => ask('files.peek', { id, path, into }, options),
    search: (path, text, where) => ask('files.search', { id, path, text, where }, options),
    ...streams(ask, id, actor),
  }
}

/** What takes as long as it takes: the agent ends it when nothing moves any more. */
function streams(ask: Ask, id: string, actor: string): Pick<SiteFiles, 'download' | 'upload' | 'pack' | 'unpack'> {
  return {
    // What else is known of that part is not the agent's, whose door takes nothing that it does not know.
    download: async (path, { offset, lengthBytes }, { take, signal }) => {
      await ask('files.get', { id, path, offset, lengthBytes }, { actor, signal, stdin: NO_INPUT, onStdout: take })
    },
    upload: (path, { id: upload, ...rest }, content, signal) =>
      ask('files.put', { id, path, upload, ...rest }, { actor, signal, stdin: content }),
    pack: (path, format, { take, signal }) =>
      ask('files.pack', { id, path, format }, { actor, signal, stdin: NO_INPUT, onStdout: take }),
    unpack: async (path, into, replace, signal) => {
      await ask('files.unpack', { id, path, into, replace }, { actor, signal })
    },
  }
}
