import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../run.mjs'
import { addressIn } from './network.mjs'
import { FIRST_ID, IDS } from './tree.mjs'

const addressOf = addressIn(2)

/** lxc with an overlay and a user namespace: each container is a snapshot of one whose root is the tree (lxc-copy(1)). */
export async function lxc({ folder, group, trees, bridge }) {
  const own = join(folder, 'lxc')
  const root = join(own, 'base/rootfs')
  mkdirSync(root, { recursive: true })
  // lxc-copy(1) takes a root only where the container itself lies.
  await run('mount', ['--bind', trees.shifted, root])
  writeFileSync(join(own, 'base/config'), baseConfig(root))
  const name = (index) => `s${index}`
  const call = (program, ...args) => run(program, ['-P', own, ...args])
  return {
    name: 'lxc',
    folder: own,
    version: (await run('lxc-start', ['--version'])).trim(),
    addressOf,
    ready: async () => undefined,
    create: async (index) => {
      await call('lxc-copy', '-n', 'base', '-N', name(index), '-s', '-B', 'overlayfs')
      appendFileSync(join(own, name(index), 'config'), ownConfig({ group, name: name(index), bridge, index }))
    },
    start: (index) => call('lxc-start', '-n', name(index)),
    stop: (index) => call('lxc-stop', '-n', name(index)),
    destroy: (index) => call('lxc-destroy', '-n', name(index)),
    close: async () => undefined,
  }
}

const baseConfig = (root) => `lxc.uts.name = base
lxc.rootfs.path = dir:${root}
lxc.idmap = u 0 ${FIRST_ID} ${IDS}
lxc.idmap = g 0 ${FIRST_ID} ${IDS}
lxc.init.cmd = /start
lxc.signal.halt = SIGTERM
lxc.mount.auto = proc:mixed sys:mixed
lxc.mount.entry = tmpfs run tmpfs rw,mode=0755 0 0
lxc.autodev = 1
lxc.apparmor.profile = unconfined
`

const ownConfig = ({ group, name, bridge, index }) => `lxc.net.0.type = veth
lxc.net.0.link = ${bridge}
lxc.net.0.hwaddr = 02:00:00:00:02:${index.toString(16).padStart(2, '0')}
lxc.net.0.flags = up
lxc.net.0.ipv4.address = ${addressOf(index)}/16
lxc.cgroup.dir.monitor = ${group}/monitor-${name}
lxc.cgroup.dir.monitor.pivot = ${group}/pivot
lxc.cgroup.dir.container = ${group}/${name}
lxc.cgroup.memory.limit_in_bytes = 256M
`
