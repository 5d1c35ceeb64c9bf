import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { renderFirstZone, renderKey, renderKnot } from '../../src/cli/up/dns/render-knot.js'
import { askServer } from '../../src/server/names/ask-server.js'
import { endProcess, start, succeed, until } from './programs.js'
import { makeTempFolder } from './temp-folder.js'

const SECRET = Buffer.alloc(32, 7).toString('base64')

/** A knotd as the platform configures it, for one zone. */
export interface Knot {
  folder: string
  /** What the server of the platform is told about it. */
  settings: { server: string; port: number; zone: string; keyFile: string; ttlSeconds: number }
  /** What somebody with the key does to the zone behind our back. */
  meddle(line: string): Promise<unknown>
  /** The lines that dig(1) answers in short. */
  dig(...words: string[]): Promise<string[]>
  close(): Promise<void>
}

export async function openKnot(zone: string): Promise<Knot> {
  const folder = await makeTempFolder('knot')
  const keyFile = join(folder.path, 'key')
  const server = { server: '127.0.0.1', port: await findFreePort() }
  const folders = { dataFolder: folder.path, runFolder: folder.path }
  const plan = { listen: [server.server], port: server.port, zone, secret: SECRET, ...folders }
  await writeFile(join(folder.path, 'knot.conf'), renderKnot(plan))
  await writeFile(join(folder.path, 'zone'), renderFirstZone(zone, 60, [server.server]))
  await writeFile(keyFile, renderKey(SECRET), { mode: 0o600 })
  const { child } = start('knotd', ['-c', join(folder.path, 'knot.conf')])
  await until('knot answers', async () => (await askServer(server, `ns.${zone}`)).ipv4.length === 1)
  return {
    folder: folder.path,
    settings: { ...server, zone, keyFile, ttlSeconds: 60 },
    meddle: (line) =>
      succeed('nsupdate', ['-k', keyFile], {
        input: `server ${server.server} ${server.port}\nzone ${zone}.\n${line}\nsend\n`,
      }),
    async dig(...words) {
      const answer = await succeed('dig', ['+short', `@${server.server}`, '-p', `${server.port}`, ...words])
      return answer.trim().split('\n').filter(Boolean)
    },
    async close() {
      await endProcess(child, 'SIGTERM', 10_000)
      await folder.remove()
    },
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
