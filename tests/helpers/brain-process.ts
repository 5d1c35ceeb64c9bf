import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type Client, openClient } from '../../src/client/client.js'
import type { AgentSettings } from '../../src/model/agent-settings.js'
import { Configuration } from '../../src/model/configuration.js'
import type { ServerSettings } from '../../src/model/server-settings.js'
import { endProcess, start, until } from './programs.js'

/** nginx and its group, in tests that need no accounts of our own. */
const PROXY_USER = 'nobody'
const PROXY_GROUP = { name: 'nogroup', id: 65_534 }

/** A server of its own beside an agent of its own: root, in the agent's network namespace, spoken to as root does. */
export interface BrainProcess {
  client: Client
  settings: ServerSettings
  pid(): number
  output(): string
  launch(): void
  start(): Promise<void>
  ended(): Promise<NodeJS.Signals | number>
  end(signal: NodeJS.Signals): Promise<void>
}

/** What the agent must be told before it starts, so that a server can stand beside it; and the folders that `ruche up` would lay. */
export async function prepareForServer(settings: AgentSettings, root: string): Promise<void> {
  settings.proxy = { ...settings.proxy, user: PROXY_USER, folder: join(root, 'lib/proxy') }
  await chmod(root, 0o711)
  const folders: [string, number, number][] = [
    ['lib', 0o711, 0],
    ['lib/certificates', 0o750, PROXY_GROUP.id],
    ['lib/proxy', 0o750, PROXY_GROUP.id],
    ['run', 0o755, 0],
    ['run/proxy', 0o770, PROXY_GROUP.id],
    ['log', 0o711, 0],
    ['log/proxy', 0o770, PROXY_GROUP.id],
  ]
  for (const [name, mode, gid] of folders) {
    const path = join(root, name)
    await mkdir(path)
    await chown(path, 0, gid)
    await chmod(path, mode)
  }
}

/** `space`: the network namespace of the agent whose folder is `root`. */
export async function makeBrainProcess(
  root: string,
  space: string,
  env: Record<string, string>,
): Promise<BrainProcess> {
  const settings = settingsFor(root)
  const bundle = join(root, 'server.mjs')
  await build({
    entryPoints: ['src/server/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: bundle,
    alias: { '@photostructure/sqlite': resolve('tests/helpers/effects/sqlite.ts') },
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as ruche_require } from 'node:module'; const require = ruche_require(import.meta.url);",
    },
    logLevel: 'error',
  })
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'server.json'), JSON.stringify(settings))
  const client = openClient({ socketPath: join(settings.runFolder, 'server.sock') })
  let running: ReturnType<typeof start> | undefined
  let said = ''
  const brain: BrainProcess = {
    client,
    settings,
    pid: () => running?.child.pid ?? 0,
    output: () => said + (running?.output() ?? ''),
    launch: () => {
      said += running?.output() ?? ''
      const argv = [process.execPath, bundle, '--settings', join(root, 'server.json')]
      running = start('ip', ['netns', 'exec', space, ...argv], env)
    },
    start: async () => {
      brain.launch()
      await until('the server answers', async () => {
        if (running?.child.exitCode !== null) throw new Error(`it ended:\n${brain.output()}`)
        return client.call('platform')
      }).catch((error: Error) => {
        throw new Error(`${error.message}\n${brain.output()}`)
      })
    },
    ended: async () => {
      const child = running?.child
      if (child && child.exitCode === null && child.signalCode === null)
        await new Promise((done) => child.once('exit', done))
      return child?.signalCode ?? child?.exitCode ?? 0
    },
    end: async (signal) => {
      if (running) await endProcess(running.child, signal, 15_000)
    },
  }
  await brain.start()
  return brain
}

function settingsFor(root: string): ServerSettings {
  return {
    configuration: Configuration.parse({
      names: { panel: 'ruche.example.test', base_domain: 'sites.example.test' },
    }),
    libFolder: join(root, 'lib'),
    runFolder: join(root, 'run'),
    logFolder: join(root, 'log'),
    webFolder: '/nonexistent',
    listen: ['127.0.0.1'],
    proxyGroup: PROXY_GROUP.name,
    nginx: '/usr/sbin/nginx',
    publicAddresses: [],
    sampleAccounts: [],
  }
}
