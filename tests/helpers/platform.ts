import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentSettings } from '../../src/model/agent-settings.js'
import { type OuterNetwork, openOuterNetwork, VM_IPV4, VM_IPV6 } from './outer-network.js'
import { endProcess, type Finished, start, until } from './programs.js'
import { openTestDirectory, type TestDirectory } from './test-directory.js'

export const PANEL = 'ruche.example.test'
export const BASE_DOMAIN = 'sites.example.test'

/** A whole platform, as an administrator would run it, in an outer network of its own. */
export interface Platform {
  network: OuterNetwork
  root: string
  caFile: string
  directory: TestDirectory
  /** The command line, on the machine. */
  ruche(...args: string[]): Promise<Finished>
  /** The command line with --json; throws when it fails. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<T>
  /** curl from outside, trusting only our CA. `-k` is never used. */
  curl(...args: string[]): Promise<Finished>
  /** Names resolve for the visitor from now on. */
  resolve(...names: string[]): Promise<void>
  output(): string
  /** What the agent was told at its start. */
  agentSettings(): Promise<AgentSettings>
  /** Ends the platform cleanly, with all sites. */
  stop(): Promise<void>
  /** Begins it again on the same data; resolves when it answers. */
  start(): Promise<void>
  close(): Promise<void>
}

/** `configuration`: further sections of its file. `prepare`: does something with the root's folder and the network before anything is in them. */
export async function startPlatform(
  configuration = '',
  prepare: (root: string, network: OuterNetwork) => Promise<void> = async () => undefined,
): Promise<Platform> {
  const network = await openOuterNetwork()
  const root = await mkdtemp('/tmp/ruche-platform-')
  await prepare(root, network)
  const directory = await openTestDirectory(network, join(root, 'directory'))
  const config = join(root, 'ruche.toml')
  await writeFile(config, `${renderConfiguration(directory)}${configuration}`)
  const [program, args] = network.inside(network.vm, [
    process.execPath,
    'bin/ruche',
    'up',
    '--root',
    root,
    '--config',
    config,
  ])
  let running = start(program, args)
  const ruche = (...words: string[]) =>
    network.run(network.vm, [process.execPath, 'bin/ruche', ...words.slice(0, 1), '--root', root, ...words.slice(1)])
  const caFile = join(root, 'lib/certificates/ca.pem')
  const names = new Set([PANEL])
  const platform: Platform = {
    network,
    root,
    caFile,
    directory,
    ruche,
    json: async <T>(...words: string[]) => parse<T>(words, await ruche(...withJson(words))),
    curl: (...words) => network.run(network.visitor, ['curl', '-sS', '--max-time', '20', '--cacert', caFile, ...words]),
    resolve: async (...added) => {
      for (const name of added) names.add(name)
      await network.setNames([...names])
    },
    output: () => running.output(),
    agentSettings: async () => JSON.parse(await readFile(join(root, 'run/agent.json'), 'utf8')) as AgentSettings,
    stop: () => endProcess(running.child, 'SIGTERM', 300_000),
    start: async () => {
      running = start(program, args)
      await untilItAnswers()
    },
    close: async () => {
      await platform.stop()
      await directory.close()
      await network.close()
      await rm(root, { recursive: true, force: true })
    },
  }
  const untilItAnswers = () =>
    until(
      'the platform answers',
      async () => {
        if (running.child.exitCode !== null) throw new Error(`ruche up ended:\n${running.output()}`)
        return (await ruche('status', '--json')).code === 0
      },
      60_000,
    )
  await platform.resolve()
  await untilItAnswers().catch(async (error) => {
    await platform.close()
    throw new Error(`${error.message}\n${running.output()}`)
  })
  return platform
}

// `exec NAME -- CMD` takes its own options before the two dashes.
function withJson(words: string[]): string[] {
  const dashes = words.indexOf('--')
  return dashes === -1 ? [...words, '--json'] : [...words.slice(0, dashes), '--json', ...words.slice(dashes)]
}

function parse<T>(words: string[], { code, stdout, stderr }: Finished): T {
  if (code !== 0) throw new Error(`ruche ${words.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout) as T
}

function renderConfiguration(directory: TestDirectory): string {
  return `[host]
uplink = "eth0"
public_ipv4 = "${VM_IPV4}"
public_ipv6 = "${VM_IPV6}"
[names]
panel = "${PANEL}"
base_domain = "${BASE_DOMAIN}"
[directory]
url = "${directory.url}"
base_dn = "${directory.baseDn}"
administrators_group = "cn=administrators,ou=groups,${directory.baseDn}"
creators_group = "cn=creators,ou=groups,${directory.baseDn}"
[templates]
folder = "${process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates'}"
`
}
