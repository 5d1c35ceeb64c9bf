import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../../helpers/platform.js'
import { until } from '../../helpers/programs.js'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform('[dns]\nmode = "embedded"\nttl_seconds = 30\nowner_records = true\n')
})
afterAll(() => platform?.close())

/** Asks from outside, as a resolver does. */
async function ask(...words: string[]) {
  const { network } = platform
  return network.run(network.visitor, ['dig', '+norec', '+tries=1', '+time=2', ...words])
}

const answers = async (...words: string[]): Promise<string[]> =>
  (await ask('+short', ...words)).stdout.split('\n').filter(Boolean)

test('a new site has its name in DNS, over UDP and TCP, in both families; the name goes with the site', async () => {
  await platform.json('create', 'shop', '--language', 'static')
  const name = `shop.${BASE_DOMAIN}`
  for (const server of [`@${VM_IPV4}`, `@${VM_IPV6}`])
    for (const transport of ['+notcp', '+tcp']) {
      expect(await answers(server, transport, name, 'A')).toEqual([VM_IPV4])
      expect(await answers(server, transport, name, 'AAAA')).toEqual([VM_IPV6])
    }
  expect(await platform.json('show', 'shop')).toMatchObject({ dns: { state: 'announced', answer: 'NOERROR' } })
  expect(await platform.json('status')).toMatchObject({ dns: { mode: 'embedded', ok: true } })
  await platform.json('stop', 'shop')
  expect(await answers(`@${VM_IPV4}`, name)).toEqual([VM_IPV4])
  await platform.json('destroy', 'shop', '--yes')
  expect(await answers(`@${VM_IPV4}`, name)).toEqual([])
})

test('the server answers for its zone only, and does nothing for those without the key', async () => {
  expect(await answers(`@${VM_IPV4}`, BASE_DOMAIN, 'NS')).toEqual([`ns.${BASE_DOMAIN}.`])
  expect(await answers(`@${VM_IPV4}`, `ns.${BASE_DOMAIN}`)).toEqual([VM_IPV4])
  expect((await ask(`@${VM_IPV4}`, PANEL)).stdout).toContain('status: REFUSED')
  expect((await ask(`@${VM_IPV4}`, BASE_DOMAIN, 'AXFR')).stdout).toContain('Transfer failed')
  const { network } = platform
  const input = `server ${VM_IPV4}\nzone ${BASE_DOMAIN}.\nupdate add evil.${BASE_DOMAIN}. 60 A 192.0.2.66\nsend\n`
  expect((await network.run(network.visitor, ['nsupdate', '-t', '5'], { input })).stderr).toMatch(/NOTAUTH|REFUSED/)
  expect(await answers(`@${VM_IPV4}`, `evil.${BASE_DOMAIN}`)).toEqual([])
})

test('DOM-5: the key is readable for the server alone', async () => {
  const key = join(platform.root, 'lib/dns/key')
  const { network } = platform
  const listed = await network.run(network.vm, ['stat', '-c', '%U %a', key, join(platform.root, 'lib/dns/knot.conf')])
  expect(listed.stdout.split('\n').slice(0, 2)).toEqual(['ruche 400', 'root 640'])
})

test('killed, the server comes back with every name', async () => {
  await platform.json('create', 'other', '--language', 'static', '--no-start')
  const name = `other.${BASE_DOMAIN}`
  const children = JSON.parse(await readFile(join(platform.root, 'run/up/children.json'), 'utf8'))
  const { pid } = children.find((child: { name: string }) => child.name === 'DNS server')
  process.kill(pid, 'SIGKILL')
  await until('a new one runs', async () => platform.output().includes('DNS server ended (SIGKILL)'))
  await until('it knows the name', async () => (await answers(`@${VM_IPV4}`, name))[0] === VM_IPV4)
  await platform.json('destroy', 'other', '--yes')
  expect(await answers(`@${VM_IPV4}`, name)).toEqual([])
})

test('a site’s own records are in DNS beside its address, and go with it', async () => {
  await platform.json('create', 'post', '--language', 'static', '--no-start')
  const name = `post.${BASE_DOMAIN}`
  await platform.json('dns', 'add', 'post', '@', 'MX', '10', 'mail.example.org')
  await platform.json('dns', 'add', 'post', '_dmarc', 'txt', 'v=DMARC1; p=none')
  const { records } = await platform.json<{ records: { id: string }[] }>('dns', 'list', 'post')
  expect(records).toMatchObject([
    { host: name, type: 'MX', dns: { state: 'announced' } },
    { host: `_dmarc.${name}`, type: 'TXT', dns: { state: 'announced' } },
  ])
  expect(await answers(`@${VM_IPV4}`, name, 'MX')).toEqual(['10 mail.example.org.'])
  expect(await answers(`@${VM_IPV4}`, name, 'A')).toEqual([VM_IPV4])
  await platform.json('dns', 'remove', 'post', records[0]?.id ?? '')
  expect(await answers(`@${VM_IPV4}`, name, 'MX')).toEqual([])
  expect(await answers(`@${VM_IPV4}`, `_dmarc.${name}`, 'TXT')).toEqual(['"v=DMARC1; p=none"'])
  await platform.json('destroy', 'post', '--yes')
  expect(await answers(`@${VM_IPV4}`, `_dmarc.${name}`, 'TXT')).toEqual([])
})
