import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { type Finished, finish, succeed } from './programs.js'

export const VM_IPV4 = '203.0.113.10'
export const VM_IPV6 = '2001:db8:1::10'
export const VISITOR_IPV4 = '203.0.113.20'
export const VISITOR_IPV6 = '2001:db8:1::20'

/** Two network namespaces and a cable: `vm` plays the machine with the public addresses, `visitor` somebody outside. */
export interface OuterNetwork {
  vm: string
  visitor: string
  /** Argument list that runs a program in one of them. */
  inside(space: string, argv: string[]): [program: string, args: string[]]
  run(space: string, argv: string[], options?: Parameters<typeof finish>[2]): Promise<Finished>
  /** Names that the visitor resolves to the machine. */
  setNames(names: string[]): Promise<void>
  close(): Promise<void>
}

export async function openOuterNetwork(): Promise<OuterNetwork> {
  const tag = randomBytes(3).toString('hex')
  const vm = `rt-vm-${tag}`
  const visitor = `rt-visitor-${tag}`
  await addSpaces(vm, visitor)
  const network: OuterNetwork = {
    vm,
    visitor,
    inside: (space, argv) => ['ip', ['netns', 'exec', space, ...argv]],
    run: (space, argv, options) => finish('ip', ['netns', 'exec', space, ...argv], options),
    setNames: (names) => writeNames(visitor, names),
    close: async () => {
      for (const space of [vm, visitor]) {
        await finish('ip', ['netns', 'delete', space])
        await rm(`/etc/netns/${space}`, { recursive: true, force: true })
      }
    },
  }
  await network.setNames([])
  return network
}

async function addSpaces(vm: string, visitor: string): Promise<void> {
  for (const space of [vm, visitor]) {
    await mkdir(`/etc/netns/${space}`, { recursive: true })
    await writeFile(`/etc/netns/${space}/resolv.conf`, `nameserver ${space === vm ? VISITOR_IPV4 : VM_IPV4}\n`)
    await succeed('ip', ['netns', 'add', space])
  }
  const commands = [
    // From within one of them: a kernel before 6.14 looks for the names where the command runs, and machines have an eth0 of their own.
    ['-n', vm, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', visitor],
    ...[vm, visitor].flatMap((space) => [
      ['-n', space, 'link', 'set', 'lo', 'up'],
      ['-n', space, 'link', 'set', 'eth0', 'up'],
    ]),
    ['-n', vm, 'address', 'add', `${VM_IPV4}/24`, 'dev', 'eth0'],
    ['-n', vm, 'address', 'add', `${VM_IPV6}/64`, 'dev', 'eth0', 'nodad'],
    ['-n', vm, 'route', 'add', 'default', 'via', VISITOR_IPV4],
    ['-n', vm, '-6', 'route', 'add', 'default', 'via', VISITOR_IPV6],
    ['-n', visitor, 'address', 'add', `${VISITOR_IPV4}/24`, 'dev', 'eth0'],
    ['-n', visitor, 'address', 'add', `${VISITOR_IPV6}/64`, 'dev', 'eth0', 'nodad'],
  ]
  for (const command of commands) await succeed('ip', command)
}

async function writeNames(visitor: string, names: string[]): Promise<void> {
  const lines = ['127.0.0.1 localhost', ...names.flatMap((name) => [`${VM_IPV4} ${name}`, `${VM_IPV6} ${name}`])]
  await writeFile(`/etc/netns/${visitor}/hosts`, `${lines.join('\n')}\n`)
}
