import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLocalEngine } from '../../../../src/engine/local/local-engine.js'
import { VM_IPV4 } from '../../../helpers/outer-network.js'
import type { Platform } from '../../../helpers/platform.js'
import { endProcess, succeed, until } from '../../../helpers/programs.js'
import type { Weakening } from './examination.js'

const current = async ({ root }: Platform): Promise<string> =>
  join(root, 'lib/proxy', await readlink(join(root, 'lib/proxy/current')))

/** Files are written in place, so that owner and mode stay. */
async function swap(path: string, text: string): Promise<() => Promise<void>> {
  const before = await readFile(path)
  await writeFile(path, text)
  return () => writeFile(path, before)
}

/** An expired certificate for the same name, by the same authority and for the same key. */
async function makeExpired(root: string, folder: string): Promise<string> {
  const work = await mkdtemp('/tmp/ruche-expired-')
  const authorities = join(root, 'lib/certificates/authorities')
  const platformCa =
    (await succeed('ls', [authorities]))
      .trim()
      .split('\n')
      .find((name) => name !== 'any') ?? ''
  const ca = join(authorities, platformCa, '000001')
  await writeFile(join(work, 'ext'), 'subjectAltName=DNS:ruche.example.test\n')
  const request = join(work, 'request.pem')
  await succeed('openssl', ['req', '-new', '-key', join(folder, 'key.pem'), '-subj', '/CN=x', '-out', request])
  const out = join(work, 'certificate.pem')
  const signer = ['-CA', join(ca, 'certificate.pem'), '-CAkey', join(ca, 'key.pem'), '-extfile', join(work, 'ext')]
  await succeed('openssl', ['x509', '-req', '-in', request, ...signer, '-days', '-1', '-out', out])
  const text = await readFile(out, 'utf8')
  await rm(work, { recursive: true })
  return text
}

export const weakenProxy: Weakening[] = [
  {
    name: "the front proxy's configuration edited",
    ids: ['proxy.configuration'],
    weaken: async (platform) => {
      const path = join(await current(platform), 'sites.map')
      const before = await readFile(path, 'utf8')
      await appendFile(path, 'evil.example.test 10.1.1.9;\n')
      return async () => {
        // Ruche may have made a new one meanwhile, and taken this one away.
        if (await stat(path).catch(() => undefined)) await writeFile(path, before)
      }
    },
  },
  {
    name: 'a certificate that has expired',
    ids: ['proxy.certificates'],
    weaken: async ({ root }) => {
      const names = join(root, 'lib/certificates/names')
      const set = (await succeed('ls', [names])).split('\n').find((name) => name.startsWith('ruche.example.test')) ?? ''
      const folder = join(names, set, '000001')
      return swap(join(folder, 'certificate.pem'), await makeExpired(root, folder))
    },
  },
  {
    name: 'the front proxy run by root',
    ids: ['proxy.process'],
    weaken: async (platform) => {
      const { network, root } = platform
      const master = Number(JSON.parse(await readFile(join(root, 'lib/agent/proxy.json'), 'utf8')).pid)
      const children = (await readFile(`/proc/${master}/task/${master}/children`, 'latin1'))
        .trim()
        .split(' ')
        .map(Number)
      for (const pid of [master, ...children]) process.kill(pid, 'SIGKILL')
      // Before the agent starts the right one: that one then finds its ports taken.
      const config = ['-e', 'stderr', '-p', join(root, 'lib/proxy/current'), '-c', 'nginx.conf', '-g', 'daemon off;']
      const [program, args] = network.inside(network.vm, ['/usr/sbin/nginx', ...config])
      const child = spawn(program, args, { stdio: 'ignore' })
      await until('it serves', async () => {
        const { stdout } = await network.run(network.vm, ['ss', '-Hltnp', 'src', `${VM_IPV4}:443`])
        return stdout.includes(`pid=${child.pid},`)
      })
      return async () => {
        await endProcess(child, 'SIGTERM', 5000)
        await openLocalEngine(join(root, 'run/agent.sock')).reloadProxy()
      }
    },
  },
]
