import type { ChildProcess } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OuterNetwork, VISITOR_IPV4 } from './outer-network.js'
import { endProcess, start, succeed, until } from './programs.js'

/** The organisation's own DNS server (bind9), outside the machine. */
export interface Named {
  folder: string
  /** Section of the platform's configuration that has the names told to it. */
  configuration(zone: string): string
  /** Gives the key to the server's account, which the first `ruche up` of a machine makes. */
  giveKey(): Promise<void>
  /** Starts it with the key that the platform knows, or with another. */
  start(network: OuterNetwork, key?: 'right' | 'wrong'): Promise<void>
  stop(): Promise<void>
  child(): ChildProcess | undefined
  /** What it says to somebody outside. */
  ask(name: string, type?: string): Promise<string[]>
  /** Ends it, then what asks it, then takes its files away. */
  close(before: () => Promise<unknown> | undefined): Promise<void>
}

const KEYS = { right: 'named-key', wrong: 'other-key' } as const

/** `zones`: further records of each zone that it answers for. */
export async function openNamed(zones: Record<string, string>): Promise<Named> {
  const folder = await mkdtemp('/tmp/ruche-named-')
  await chmod(folder, 0o755)
  const writeKey = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 })
  const key = await makeKey()
  await writeKey('key', key)
  // named reads what is its own only: it gives up root's right to every file.
  await writeKey(KEYS.right, key)
  await writeKey(KEYS.wrong, await makeKey())
  for (const [zone, records] of Object.entries(zones)) await writeFile(join(folder, zone), renderZone(zone, records))
  let running: { child: ChildProcess; network: OuterNetwork } | undefined
  const ask = async (name: string, type = 'A') => {
    if (!running) return []
    const { network } = running
    const argv = ['dig', '+norec', '+short', '+tries=1', '+time=2', `@${VISITOR_IPV4}`, name, type]
    const { stdout, code } = await network.run(network.visitor, argv)
    return code === 0 ? stdout.split('\n').filter(Boolean) : []
  }
  const stop = async () => {
    if (running) await endProcess(running.child, 'SIGTERM', 10_000)
    running = undefined
  }
  return {
    folder,
    configuration: (zone) =>
      `[dns]\nmode = "server"\nserver = "${VISITOR_IPV4}"\nzone = "${zone}"\nkey_file = "${folder}/key"\n`,
    async giveKey() {
      const [, , uid, gid] = (await succeed('getent', ['passwd', 'ruche'])).split(':')
      await chown(join(folder, 'key'), Number(uid), Number(gid))
    },
    async start(network, which = 'right') {
      await mkdir(join(folder, 'named'), { recursive: true })
      await writeFile(join(folder, 'named.conf'), renderConfiguration(folder, KEYS[which], Object.keys(zones)))
      const argv = ['named', '-f', '-n', '1', '-c', join(folder, 'named.conf')]
      running = { child: start(...network.inside(network.visitor, argv)).child, network }
      const [zone = ''] = Object.keys(zones)
      await until('named answers', async () => (await ask(`ns.${zone}`)).length === 1)
    },
    stop,
    child: () => running?.child,
    ask,
    async close(before) {
      await stop()
      await before()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const makeKey = () => succeed('tsig-keygen', ['-a', 'hmac-sha256', 'ruche-key'])

function renderZone(zone: string, records: string): string {
  return `$ORIGIN ${zone}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 60\n@ NS ns\nns A ${VISITOR_IPV4}\n${records}`
}

function renderConfiguration(folder: string, key: string, zones: string[]): string {
  return `include "${folder}/${key}";
options { directory "${folder}/named"; listen-on { ${VISITOR_IPV4}; }; listen-on-v6 { none; }; recursion no; pid-file none; };
controls { };
${zones
  .map(
    (zone) =>
      `zone "${zone}" { type primary; file "${folder}/${zone}"; update-policy { grant ruche-key subdomain ${zone} A AAAA TXT; }; };\n`,
  )
  .join('')}`
}
