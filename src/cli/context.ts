import { join, resolve } from 'node:path'
import { type Client, openClient } from '../client/client.js'
import { findRemote, type RemoteOptions } from './find-remote.js'
import { openProgressView, type ProgressView } from './progress-view.js'
import { toSnakeCase } from './snake-case.js'
import { openPaint, type Paint } from './styles.js'

/** Options that every command takes. */
export interface GlobalOptions extends RemoteOptions {
  json?: boolean
  root?: string
  config?: string
}

/** What a command works with. */
export interface Context {
  json: boolean
  /** Folder given by `--root`, absolute; absent: the usual folders of the system. */
  root: string | undefined
  configFile: string | undefined
  /** Folder of the platform's sockets and settings. */
  runFolder: string
  /** The server's socket on this machine. */
  socketPath: string
  client: Client
  paint: Paint
  /** Prints the result: one JSON document, or the text for people. */
  print(document: unknown, text: () => string): void
  /** Shows progress on stderr; nothing when the result is a document. */
  openProgress(): ProgressView
}

export function openContext(options: GlobalOptions): Context {
  const root = options.root ?? process.env.RUCHE_ROOT
  const json = options.json === true
  const runFolder = root ? join(resolve(root), 'run') : '/run/ruche'
  const socketPath = join(runFolder, 'server.sock')
  return {
    json,
    root: root ? resolve(root) : undefined,
    configFile: options.config ?? process.env.RUCHE_CONFIG,
    runFolder,
    socketPath,
    client: openClient(findRemote(options, process.env) ?? { socketPath }),
    paint: openPaint(process.stdout, process.env),
    print(document, text) {
      process.stdout.write(json ? `${JSON.stringify(toSnakeCase(document), undefined, 2)}\n` : text())
    },
    openProgress: () => openProgressView(process.stderr, json),
  }
}
