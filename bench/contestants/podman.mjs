import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../run.mjs'
import { addressIn, readyNetwork } from './network.mjs'
import { FIRST_ID, IDS } from './tree.mjs'

const addressOf = addressIn(3)

/** podman with an overlay and a user namespace. */
export async function podman({ folder, group, trees }) {
  const own = join(folder, 'podman')
  mkdirSync(own)
  const stores = ['--root', join(own, 'store'), '--runroot', join(own, 'run'), '--tmpdir', join(own, 'tmp')]
  const general = [...stores, '--cgroup-manager', 'cgroupfs', '--events-backend', 'none', '--runtime', 'runc']
  // Its default settings of the network are not its to change where the network is given.
  const configuration = join(own, 'containers.conf')
  writeFileSync(configuration, '[containers]\ndefault_sysctls = []\n')
  process.env.CONTAINERS_CONF = configuration
  const call = (...args) => run('podman', [...general, ...args])
  const name = (index) => `s${index}`
  const ids = ['--uidmap', `0:${FIRST_ID}:${IDS}`, '--gidmap', `0:${FIRST_ID}:${IDS}`]
  return {
    name: 'podman',
    folder: own,
    version: (await run('podman', ['--version'])).trim().split(' ').at(-1),
    addressOf,
    ready: (index) => readyNetwork(`podman${index}`, addressOf(index)),
    create: (index) =>
      call(
        ...['create', '--name', name(index), '--network', `ns:/run/netns/podman${index}`, ...ids, '--tmpfs', '/run'],
        // A /dev/shm of its own stays busy where others were started meanwhile.
        ...['--ipc', 'none'],
        ...['--cgroup-parent', `/${group}`, '--memory', '256m', '--stop-signal', 'TERM', '--log-driver', 'none'],
        ...['--rootfs', `${trees.shifted}:O`, '/start'],
      ),
    start: (index) => call('start', name(index)),
    stop: (index) => call('stop', name(index)),
    destroy: (index) => call('rm', name(index)),
    close: async () => undefined,
  }
}
