import { run } from '../run.mjs'

const BRIDGE = 'peers0'

/** The bridge that the others' sites lie behind. */
export async function openBridge() {
  await run('ip', ['link', 'add', BRIDGE, 'type', 'bridge'])
  await run('ip', ['address', 'add', '10.9.0.1/16', 'dev', BRIDGE])
  await run('ip', ['link', 'set', BRIDGE, 'up'])
  // Whoever asked too early would else wait a second until the neighbour is asked for again (arp(7)).
  await run('sysctl', ['-qw', `net.ipv4.neigh.${BRIDGE}.retrans_time_ms=5`])
  return BRIDGE
}

/** A site's address: each contestant has a range of its own, for what was learnt about a neighbour stays for a while. */
export const addressIn = (range) => (index) => `10.9.${range}.${index + 2}`

const made = new Set()

/** A network namespace on the bridge, ready before anybody is measured: who uses it pays nothing for its network. */
export async function readyNetwork(name, address) {
  if (made.has(name)) return
  made.add(name)
  const commands = [
    ['netns', 'add', name],
    ['link', 'add', `p-${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name],
    ['link', 'set', `p-${name}`, 'master', BRIDGE, 'up'],
    ['-n', name, 'link', 'set', 'lo', 'up'],
    ['-n', name, 'address', 'add', `${address}/16`, 'dev', 'eth0'],
    ['-n', name, 'link', 'set', 'eth0', 'up'],
  ]
  for (const command of commands) await run('ip', command)
  // Where the network is not the container's own, its root is nobody there.
  await run('ip', ['netns', 'exec', name, 'sysctl', '-qw', 'net.ipv4.ip_unprivileged_port_start=0'])
}
