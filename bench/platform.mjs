import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from './bundle.mjs'

/** A whole platform as the tests run it, with a visitor outside; calls go to the server's own door for root. */
export async function openPlatform() {
  const { startPlatform, openClient, expectNoLeaks, BASE_DOMAIN } = await bundle(
    'platform',
    `export { startPlatform, BASE_DOMAIN } from '../tests/helpers/platform.js'
export { expectNoLeaks } from '../tests/helpers/leak-oracle.js'
export { openClient } from '../src/client/client.js'`,
  )
  const platform = await startPlatform()
  const client = openClient({ socketPath: join(platform.root, 'run/server.sock') })
  /** Milliseconds that an operation took. */
  const finish = async ({ operation }) => {
    for (;;) {
      const { state, createdAt, endedAt, error } = await client.call('getOperation', { params: { id: operation } })
      if (state === 'done') return Date.parse(endedAt) - Date.parse(createdAt)
      if (state !== 'running') throw new Error(`${operation} ${state}: ${error?.message}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const children = () => JSON.parse(readFileSync(join(platform.root, 'run/up/children.json'), 'utf8'))
  return {
    platform,
    client,
    finish,
    hostOf: (name) => `${name}.${BASE_DOMAIN}`,
    /** Pids of server and agent. */
    pids: () =>
      children()
        .filter(({ name }) => ['server', 'agent'].includes(name))
        .map(({ pid }) => pid),
    /** A visit from outside, over HTTPS: its status and the milliseconds that it took. */
    visit: async (name) => {
      const url = `https://${name}.${BASE_DOMAIN}/`
      const argv = [
        'curl',
        '-sS',
        '--cacert',
        platform.caFile,
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %{time_total}',
        url,
      ]
      const { network } = platform
      const { stdout } = await promisify(execFile)(...network.inside(network.visitor, argv))
      const [status, seconds] = stdout.split(' ')
      return { status, ms: Number(seconds) * 1000 }
    },
    /** Throws when something of it is left on the machine. */
    close: async () => {
      const { cgroup } = await platform.agentSettings()
      await platform.close()
      await expectNoLeaks({ folder: platform.root, uidBases: [], cgroupWord: cgroup })
    },
  }
}
