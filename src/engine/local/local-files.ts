import type { SiteFiles } from '../engine.js'
import type { Ask } from './ask.js'

/** Longer than any file call may take inside the agent. */
const SILENCE_MS = 120_000

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
  }
}
