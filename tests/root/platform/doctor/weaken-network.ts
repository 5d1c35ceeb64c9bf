import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../../helpers/platform.js'
import { until } from '../../../helpers/programs.js'
import type { Weakening } from './examination.js'

async function inside({ network }: Platform, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await network.run(network.vm, argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return stdout
}

/** The only cable: `shop` alone runs. */
async function findCable(platform: Platform): Promise<string> {
  const links = JSON.parse(await inside(platform, 'ip', '-json', 'link', 'show', 'master', 'ruche0')) as {
    ifname: string
  }[]
  return links[0]?.ifname ?? ''
}

/** The next agent loads its firewall whole: quicker than to wait until this one looks. */
async function restartAgent(platform: Platform): Promise<void> {
  const children = join(platform.root, 'run/up/children.json')
  const findAgent = async () =>
    (JSON.parse(await readFile(children, 'utf8')) as { name: string; pid: number }[]).find(
      ({ name }) => name === 'agent',
    )?.pid
  const before = await findAgent()
  process.kill(before ?? 0, 'SIGTERM')
  await until('there is another agent', async () => ![before, undefined].includes(await findAgent()))
  await until('it answers', async () => (await platform.ruche('status')).stdout.includes('running of'))
}

async function firstRule(platform: Platform): Promise<string> {
  const rules = await inside(platform, 'nft', '-a', 'list', 'chain', 'inet', 'ruche', 'raw')
  return /iifname "ruche0" ip daddr 127.*# handle (\d+)/.exec(rules)?.[1] ?? ''
}

export const weakenNetwork: Weakening[] = [
  {
    name: 'a rule of the firewall deleted',
    ids: ['network.firewall'],
    weaken: async (platform) => {
      await inside(platform, 'nft', 'delete', 'rule', 'inet', 'ruche', 'raw', 'handle', await firstRule(platform))
      return () => restartAgent(platform)
    },
  },
  {
    name: 'a port of the bridge that is not isolated',
    ids: ['network.cables'],
    weaken: async (platform) => {
      const cable = await findCable(platform)
      const set = (value: string) =>
        inside(platform, 'ip', 'link', 'set', cable, 'type', 'bridge_slave', 'isolated', value)
      await set('off')
      return () => set('on')
    },
  },
  {
    name: "a neighbour's entry that leads elsewhere",
    ids: ['network.cables'],
    weaken: async (platform) => {
      const spec = JSON.parse(await readFile(join(platform.root, 'lib/agent/sites/shop/spec.json'), 'utf8'))
      const address = `10.1.1.${spec.spec.address}`
      const before = await inside(platform, 'ip', 'neighbour', 'show', address, 'dev', 'ruche0')
      const mac = /lladdr (\S+)/.exec(before)?.[1] ?? ''
      const set = (lladdr: string) =>
        inside(platform, 'ip', 'neighbour', 'replace', address, 'lladdr', lladdr, 'dev', 'ruche0', 'nud', 'permanent')
      await set('02:00:00:00:00:99')
      return () => set(mac)
    },
  },
  {
    name: 'a setting of the bridge in the kernel that believes anybody',
    ids: ['network.settings'],
    weaken: async (platform) => {
      const set = (value: string) => inside(platform, 'sysctl', '-q', '-w', `net.ipv4.conf.ruche0.rp_filter=${value}`)
      await set('0')
      return () => set('1')
    },
  },
]
