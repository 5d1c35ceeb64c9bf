import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { Engine } from '../../src/engine/engine.js'
import { openLocalEngine, stopAllContainers } from '../../src/engine/local/local-engine.js'
import type { AgentSettings } from '../../src/model/agent-settings.js'
import type { ContainerSpec } from '../../src/model/container.js'
import { findStack } from '../../src/model/stack.js'
import { endProcess, type Finished, finish, PATIENCE, start, succeed, until } from './programs.js'

const MIB = 1024 ** 2

/** An agent of its own in a network namespace of its own, without any way out, spoken to as the server does. */
export interface TestAgent {
  engine: Engine
  settings: AgentSettings
  root: string
  space: string
  socket: string
  /** Everything that the agents of this test have said. */
  output(): string
  pid(): number
  /** Ends the agent with a signal; its containers go on. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Starts an agent on what the last one left. */
  start(): Promise<void>
  /** Starts one that may end by itself; `ended` answers how. */
  launch(): void
  ended(): Promise<NodeJS.Signals | number>
  /** Runs a program in the namespace that plays the machine. */
  inside(...argv: string[]): Promise<Finished>
  /** The answer of a site to GET /, as the front proxy would get it. */
  get(ipv4: string, path?: string): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

export interface AgentOptions {
  /** Environment of its process. */
  env?: Record<string, string>
  /** It was made to fail: what it said of that is no fault of its own. */
  mayComplain?: boolean
}

const context = { actor: 'test' }

/** What an agent never says in a test, whatever is done to it: each is a fault of its own. */
const NEVER = [
  'fault',
  'undo',
  'settle',
  'reconcile',
  'network',
  'front proxy',
  'closing failed',
  'audit log',
  'left behind',
]

/** `change` may alter the settings, and `prepare` the machine (and say how its process is started), before the agent starts. */
export async function startAgent(
  change: (settings: AgentSettings) => void = () => undefined,
  prepare: (settings: AgentSettings, root: string) => Promise<AgentOptions | unknown> = async () => undefined,
): Promise<TestAgent> {
  const root = await mkdtemp('/tmp/ruche-agent-')
  const tag = randomBytes(4).toString('hex')
  const space = `rt-agent-${tag.slice(0, 6)}`
  const settings = settingsFor(root, tag)
  change(settings)
  const bundle = join(root, 'agent.mjs')
  await build({
    entryPoints: ['src/agent/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: bundle,
    logLevel: 'error',
  })
  const { env = {}, mayComplain = false } = ((await prepare(settings, root)) ?? {}) as AgentOptions
  await writeFile(join(root, 'agent.json'), JSON.stringify(settings))
  await succeed('ip', ['netns', 'add', space])
  await succeed('ip', ['-n', space, 'link', 'set', 'lo', 'up'])
  const socket = join(settings.runFolder, 'agent.sock')
  let running: { child: ChildProcess; output: () => string } | undefined
  let said = ''
  const agent: TestAgent = {
    engine: openLocalEngine(socket),
    settings,
    root,
    space,
    socket,
    output: () => said + (running?.output() ?? ''),
    pid: () => running?.child.pid ?? 0,
    inside: (...argv) => finish('ip', ['netns', 'exec', space, ...argv]),
    end: async (signal) => {
      if (running) await endProcess(running.child, signal, 15_000)
      said += running?.output() ?? ''
      running = undefined
    },
    launch: () => {
      said += running?.output() ?? ''
      const args = ['netns', 'exec', space, process.execPath, bundle, '--settings', join(root, 'agent.json')]
      running = start('ip', args, env)
    },
    ended: async () => {
      const child = running?.child
      if (child && child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve))
      return child?.signalCode ?? child?.exitCode ?? 0
    },
    start: async () => {
      agent.launch()
      await until('the agent answers', async () => {
        if (running?.child.exitCode !== null) throw new Error(`it ended:\n${agent.output()}`)
        return agent.engine.hostStatus()
      }).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${agent.output()}`)
      })
    },
    get: async (ipv4, path = '/') => {
      const { stdout } = await agent.inside(
        'curl',
        '-sS',
        '--max-time',
        '10',
        '-w',
        '\n%{http_code}',
        `http://${ipv4}${path}`,
      )
      const cut = stdout.lastIndexOf('\n')
      return { status: Number(stdout.slice(cut + 1)), text: stdout.slice(0, cut) }
    },
    close: async () => {
      if (running === undefined || running.child.exitCode !== null || running.child.signalCode !== null)
        await agent.start()
      await stopAllContainers(socket, context)
      await agent.end('SIGTERM')
      await finish('ip', ['netns', 'delete', space])
      await rm(root, { recursive: true, force: true })
      const faults = said.split('\n').filter((line) => NEVER.some((event) => line.includes(`"event":"${event}"`)))
      if (faults.length > 0 && !mayComplain) throw new Error(`the agent was at fault:\n${faults.join('\n')}`)
    },
  }
  await agent.start()
  return agent
}

/** Settings of an agent whose folders lie below `root`. */
export function settingsFor(root: string, tag: string): AgentSettings {
  return {
    stateFolder: join(root, 'lib/agent'),
    runFolder: join(root, 'run'),
    logFolder: join(root, 'log'),
    templatesFolder: process.env.RUCHE_TEMPLATES ?? '/var/cache/ruche/templates',
    recipesFolder: resolve('templates'),
    launcher: resolve('dist/launch'),
    cgroup: `ruche-${tag}`,
    serverGroup: 'root',
    network: {
      bridge: 'ruche0',
      ipv4: '10.1.1.0/24',
      ipv6: 'fd00:10:1:1::/64',
      uplink: null,
      publicIpv4: [],
      publicIpv6: [],
      httpPort: 80,
      httpsPort: 443,
      connectionsPerSource: 2000,
      resolvers: [],
    },
    proxy: { user: 'nobody', folder: join(root, 'proxy'), program: '/usr/sbin/nginx' },
    diskReserveBytes: 1024 * MIB,
  }
}

/** A spec as the server makes it. `stack`: its name. */
export function specFor(
  id: string,
  address: number,
  stack = 'nginx-static-none',
  limits: Partial<ContainerSpec['limits']> = {},
): ContainerSpec {
  const found = findStack(stack)
  if (!found) throw new Error(`no stack ${stack}`)
  return {
    id,
    stack: found,
    address,
    sftpPort: 22_000 + address,
    limits: { cpuMilli: 500, memoryBytes: 256 * MIB, diskBytes: 300 * MIB, pids: 128, ...limits },
    settings: {
      domains: [`${id}.example.test`],
      sftpPasswordHash: `$6$saltsalt$${'a'.repeat(86)}`,
      sftpKeys: [],
      databasePassword: `${id.replaceAll('-', '')}PasswordPassword`,
      environment: { GREETING: `hello from ${id}` },
    },
  }
}

/** Output and exit code of a program run in a site. */
export async function execIn(
  agent: TestAgent,
  id: string,
  argv: string[],
  options: { timeoutMs?: number; stdin?: Uint8Array } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  const streams = {
    ...(options.stdin && { stdin: options.stdin }),
    onStdout: (chunk: Uint8Array) => {
      stdout += Buffer.from(chunk).toString('utf8')
    },
    onStderr: (chunk: Uint8Array) => {
      stderr += Buffer.from(chunk).toString('utf8')
    },
  }
  const program = { argv, timeoutMs: options.timeoutMs ?? 30_000 * PATIENCE }
  const code = await agent.engine.exec(id, program, streams, context)
  return { code, stdout, stderr }
}

/** A field of /proc/PID/status of a process of the host. */
export async function statusField(pid: number, name: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? ''
}
