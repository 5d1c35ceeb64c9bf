import type { ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueCertificate } from '../../helpers/issue-certificate.js'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../../helpers/platform.js'
import { endProcess, start, succeed, until } from '../../helpers/programs.js'

const OUTSIDE = 'outside.example.test'
const NEXT_IPV4 = '203.0.113.11'
const SHOP = `shop.${BASE_DOMAIN}`
const SECTIONS = (folder: string) => `[dns]
mode = "embedded"
ttl_seconds = 30
[dyndns]
server = "https://${OUTSIDE}/nic/update"
hostnames = ["home.example.test"]
user = "home"
password_file = "${join(folder, 'password')}"
ca_file = "${join(folder, 'ca.pem')}"
`
let folder: string
let platform: Platform
let outside: ChildProcess | undefined
beforeAll(async () => {
  folder = await mkdtemp('/tmp/ruche-outside-')
  await chmod(folder, 0o755)
  const { chain, key, caFile } = await issueCertificate(folder, [OUTSIDE])
  const files = { 'chain.pem': chain, 'key.pem': key, 'ca.pem': await readFile(caFile, 'utf8'), password: 'a secret\n' }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o644 })
  process.env.RUCHE_HOST_ADDRESS_PAGE = `https://${OUTSIDE}/ip`
  process.env.RUCHE_HOST_ADDRESS_PAGE_CA_FILE = join(folder, 'ca.pem')
  platform = await startPlatform(SECTIONS(folder), (_, { vm }) =>
    writeFile(`/etc/netns/${vm}/hosts`, `127.0.0.1 localhost\n${VISITOR_IPV4} ${OUTSIDE}\n`),
  )
})
afterAll(async () => {
  delete process.env.RUCHE_HOST_ADDRESS_PAGE
  delete process.env.RUCHE_HOST_ADDRESS_PAGE_CA_FILE
  if (outside) await endProcess(outside, 'SIGTERM', 5000)
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

async function addressesOf(name: string): Promise<string[]> {
  const { network } = platform
  const asked = ['dig', '+short', '+norec', '+tries=1', '+time=2', `@${VM_IPV4}`]
  const answers = await Promise.all(['A', 'AAAA'].map((type) => network.run(network.visitor, [...asked, name, type])))
  return answers.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean))
}

const told = async () => {
  const text = await readFile(join(folder, 'told'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(decodeURIComponent)
}
const status = async () => (await platform.json<{ public_addresses: object }>('status')).public_addresses
const A_ROUND_MS = 75_000

test('while the page is silent the names lead to what is known, and nobody is told anything', async () => {
  await platform.json('create', 'shop', '--language', 'static', '--no-start')
  expect(await addressesOf(SHOP)).toEqual([VM_IPV4, VM_IPV6])
  expect(await status()).toMatchObject({ followed: true, message: expect.any(String), dyndns: { state: 'pending' } })
  expect(await told()).toEqual([])
})

test('the page’s word counts, and the dyndns service is told it once', async () => {
  const { network } = platform
  const program = new URL('address-server.mjs', import.meta.url).pathname
  outside = start(...network.inside(network.visitor, [process.execPath, program, folder, VISITOR_IPV4])).child
  await until('the service was told', async () => (await told()).length > 0, A_ROUND_MS)
  expect(await told()).toEqual([`home:a secret /nic/update?hostname=home.example.test&myip=${VM_IPV4},${VM_IPV6}`])
  expect(await status()).toMatchObject({ addresses: [VM_IPV4, VM_IPV6], dyndns: { state: 'told', answer: 'good' } })
})

test('another address outside moves every name and is told on', async () => {
  const { vm } = platform.network
  await succeed('ip', ['-n', vm, 'address', 'add', `${NEXT_IPV4}/24`, 'dev', 'eth0'])
  await succeed('ip', ['-n', vm, 'route', 'replace', '203.0.113.0/24', 'dev', 'eth0', 'src', NEXT_IPV4])
  await until('the name moved', async () => (await addressesOf(SHOP))[0] === NEXT_IPV4, A_ROUND_MS)
  expect(await addressesOf(SHOP)).toEqual([NEXT_IPV4, VM_IPV6])
  expect(await addressesOf(`ns.${BASE_DOMAIN}`)).toEqual([NEXT_IPV4, VM_IPV6])
  await until('the service was told', async () => (await told()).length === 2, A_ROUND_MS)
  expect((await told())[1]).toContain(`myip=${NEXT_IPV4},${VM_IPV6}`)
  expect(await platform.json('show', 'shop')).toMatchObject({ dns: { state: 'announced' } })
})
