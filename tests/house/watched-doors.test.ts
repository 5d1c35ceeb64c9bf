import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHANGES } from '../helpers/effects/files.js'

// What only looks, what only waits, and what is a type: nothing that outlives the process comes of it.
const HARMLESS = new Set([
  ...['access', 'accessSync', 'existsSync', 'fstatSync', 'lstat', 'readdir', 'readdirSync', 'readFile', 'readFileSync'],
  ...[
    'readlink',
    'readlinkSync',
    'readSync',
    'realpath',
    'stat',
    'statSync',
    'statfs',
    'constants',
    'close',
    'closeSync',
  ],
  ...[
    'ChildProcess',
    'ChildProcessByStdio',
    'Server',
    'Socket',
    'createServer',
    'connect',
    'BlockList',
    'isIP',
    'isIPv4',
    'isIPv6',
  ],
])
const WATCHED = new Set<string>([
  ...CHANGES.flatMap((name) => [name, `${name}Sync`]),
  ...['open', 'openSync', 'writeSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'],
  ...['spawn', 'execFile', 'createConnection'],
])
/** Without a moment of its own: it makes what was written before last, which no death of the process can undo. */
const ONLY_AGAINST_POWER_LOSS = new Set(['fdatasync'])
/** An open file: its opening is watched, and so is the renaming before which nothing that was written in it counts. */
const BETWEEN_WATCHED = new Set(['FileHandle'])

/** Every name that a room takes from a part of Node that can change the world. */
async function findNames(room: string): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const file of (await readdir(room, { recursive: true })).filter((one) => /(?<!\.test)\.ts$/.test(one))) {
    const text = await readFile(join(room, file), 'utf8')
    for (const [, list = ''] of text.matchAll(/import \{([^}]*)\} from 'node:(?:fs|fs\/promises|child_process|net)'/g))
      for (const name of list.split(',')) names.set(name.replace(/^\s*type\s|\sas\s.*$/g, '').trim(), join(room, file))
    expect(text, file).not.toMatch(/import (\w+|\* as \w+) from 'node:(fs|fs\/promises|child_process|net)'/)
  }
  names.delete('')
  return names
}

test.each(['src/agent', 'src/server', 'src/engine'])(
  'every way in which %s can change the world is watched by the crash matrix',
  async (room) => {
    const unknown = [...(await findNames(room))].filter(
      ([name]) => ![HARMLESS, WATCHED, ONLY_AGAINST_POWER_LOSS, BETWEEN_WATCHED].some((names) => names.has(name)),
    )
    expect(unknown).toEqual([])
  },
)
