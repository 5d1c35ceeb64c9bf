import { chmod, chown, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { succeed } from '../../../helpers/programs.js'
import type { Weakening } from './examination.js'

const mode = (path: string, weak: number, right: number) => async () => {
  await chmod(path, weak)
  return () => chmod(path, right)
}

export const weakenFiles: Weakening[] = [
  {
    name: 'an image that others may read',
    ids: ['files.images'],
    weaken: ({ root }) => mode(join(root, 'lib/agent/sites/shop/image'), 0o644, 0o600)(),
  },
  {
    name: 'the folder of an image that others may enter',
    ids: ['files.images'],
    weaken: ({ root }) => mode(join(root, 'lib/agent/sites/shop'), 0o755, 0o700)(),
  },
  {
    name: "the agent's socket open to everybody",
    ids: ['files.folders'],
    weaken: ({ root }) => mode(join(root, 'run/agent.sock'), 0o666, 0o660)(),
  },
  {
    name: "a folder of root's that is the server's",
    ids: ['files.folders'],
    weaken: async ({ root }) => {
      const path = join(root, 'run/up')
      await chown(path, Number((await succeed('id', ['-u', 'ruche'])).trim()), 0)
      return () => chown(path, 0, 0)
    },
  },
  {
    name: 'the secret key for others to read',
    ids: ['files.secrets'],
    weaken: ({ root }) => mode(join(root, 'lib/register/secret.key'), 0o640, 0o600)(),
  },
  {
    name: 'a range of user ids that two sites share',
    ids: ['sites.users'],
    weaken: async ({ root }) => {
      const path = (name: string) => join(root, 'lib/agent/sites', name, 'spec.json')
      const [shop, other] = await Promise.all(['shop', 'other'].map((name) => readFile(path(name), 'utf8')))
      const shared = { ...JSON.parse(other ?? ''), slot: JSON.parse(shop ?? '').slot }
      await writeFile(path('other'), JSON.stringify(shared))
      return () => writeFile(path('other'), other ?? '')
    },
  },
]
