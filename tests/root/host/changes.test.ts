import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finish, succeed, until } from '../../helpers/programs.js'

const launch = resolve('dist/launch')
const MAC = '02:00:00:00:00:09'
let space: string
let child: ChildProcess
let lines: string[]

const inside = (...argv: string[]) => succeed('ip', ['netns', 'exec', space, ...argv])

beforeEach(async () => {
  await succeed('make', ['-s', '-C', resolve('src/agent/launcher'), `OUT=${launch}`])
  space = `rt-changes-${randomBytes(3).toString('hex')}`
  await succeed('ip', ['netns', 'add', space])
  await inside('ip', 'link', 'add', 'br0', 'type', 'bridge')
  await inside('ip', 'link', 'add', 'port0', 'type', 'veth', 'peer', 'name', 'other0')
  await inside('ip', 'link', 'set', 'port0', 'master', 'br0')
  for (const link of ['br0', 'port0', 'other0']) await inside('ip', 'link', 'set', link, 'up')
  await inside('nft', 'add table ip mine; add set ip mine some { type ipv4_addr; }')
  lines = []
  child = spawn('ip', ['netns', 'exec', space, launch, 'changes', 'br0'], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  await until('it listens', async () => lines[0] === 'listening')
  // A bridge is not ready at once, and says so.
  await until('all is quiet', async () => {
    const before = lines.length
    await new Promise((resolve) => setTimeout(resolve, 600))
    return lines.length === before
  })
})
afterEach(async () => {
  child.kill('SIGKILL')
  await finish('ip', ['netns', 'delete', space])
})

test.each([
  ['a link', 'ip link set port0 down'],
  ['a flag of a port', 'bridge link set dev port0 isolated on'],
  ['a link that is gone', 'ip link delete port0'],
  ['an address', 'ip address add 192.0.2.1/24 dev br0'],
  ['an address of IPv6', 'ip address add 2001:db8::1/64 dev br0'],
  ['a neighbour', `ip neighbour add 192.0.2.9 lladdr ${MAC} dev br0 nud permanent`],
  ['where the bridge sends', `bridge fdb add ${MAC} dev port0 master static`],
  ['a rule of routing', 'ip rule add pref 7 iif br0 prohibit'],
  ['a rule of routing of IPv6', 'ip -6 rule add pref 7 iif br0 prohibit'],
  ['a table of the firewall', 'nft add table inet other'],
  ['a set of the firewall', 'nft add element ip mine some { 192.0.2.9 }'],
  ['all rules of the firewall', 'nft flush ruleset'],
])('a change of %s is told', async (_what, command) => {
  const before = lines.length
  await inside('sh', '-c', command)
  await until('it is told', async () => lines.length > before)
  expect(lines.at(-1)).toBe('changed')
})

test('neighbours that come and go elsewhere are no change, and it ends with its input', async () => {
  await inside('ip', 'neighbour', 'add', '192.0.2.9', 'lladdr', MAC, 'dev', 'other0', 'nud', 'reachable')
  await inside('ip', 'neighbour', 'delete', '192.0.2.9', 'dev', 'other0')
  const before = lines.length
  await inside('nft', 'add table inet other')
  await until('it is told', async () => lines.length > before)
  expect(lines.slice(before)).toEqual(['changed'])
  child.stdin?.end()
  await until('it has ended', async () => child.exitCode === 0)
})
