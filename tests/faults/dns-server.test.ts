import type { ChildProcess } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../helpers/outer-network.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'
import { endProcess, start, succeed, until } from '../helpers/programs.js'

const ZONE = 'example.test'
let folder: string
let platform: Platform
let named: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp('/tmp/ruche-named-')
  await chmod(folder, 0o755)
  const key = await makeKey()
  await writeKey('key', key)
  // named reads what is its own only: it gives up root's right to every file.
  await writeKey('named-key', key)
  await writeFile(join(folder, 'zone'), renderZone())
  platform = await startPlatform(
    `[dns]\nmode = "server"\nserver = "${VISITOR_IPV4}"\nzone = "${ZONE}"\nkey_file = "${folder}/key"\n`,
  )
  // The account of the server is made by the first `ruche up` of a machine.
  const [, , uid, gid] = (await succeed('getent', ['passwd', 'ruche'])).split(':')
  await chown(join(folder, 'key'), Number(uid), Number(gid))
})
afterAll(async () => {
  if (named) await endProcess(named, 'SIGTERM', 10_000)
  await platform?.close()
  await rm(folder, { recursive: true, force: true })
})

const makeKey = () => succeed('tsig-keygen', ['-a', 'hmac-sha256', 'ruche-key'])
const writeKey = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 })

function renderZone(): string {
  return `$ORIGIN ${ZONE}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 60\n@ NS ns\nns A ${VISITOR_IPV4}\nwww A 192.0.2.80\n`
}

/** The organisation's own server, outside the machine. */
async function startNamed(key: string): Promise<void> {
  const data = join(folder, 'named')
  await mkdir(data, { recursive: true })
  await writeFile(
    join(folder, 'named.conf'),
    `include "${folder}/${key}";
options { directory "${data}"; listen-on { ${VISITOR_IPV4}; }; listen-on-v6 { none; }; recursion no; pid-file none; };
controls { };
zone "${ZONE}" { type primary; file "${folder}/zone"; update-policy { grant ruche-key subdomain ${ZONE} A AAAA; }; };
`,
  )
  const { network } = platform
  const [program, args] = network.inside(network.visitor, ['named', '-f', '-n', '1', '-c', join(folder, 'named.conf')])
  named = start(program, args).child
  await until('named answers', async () => (await ask('www')).length === 1)
}

async function stopNamed(): Promise<void> {
  if (named) await endProcess(named, 'SIGTERM', 10_000)
  named = undefined
}

async function ask(label: string, type = 'A'): Promise<string[]> {
  const { network } = platform
  const argv = ['dig', '+norec', '+short', '+tries=1', '+time=2', `@${VISITOR_IPV4}`, `${label}.${ZONE}`, type]
  const { stdout, code } = await network.run(network.visitor, argv)
  return code === 0 ? stdout.split('\n').filter(Boolean) : []
}

const dns = async (name: string) => (await platform.json<{ dns: Record<string, string> }>('show', name)).dns

test('a server that is away holds nobody up: the state says so, and it is told once it is back', async () => {
  await platform.json('create', 'first', '--language', 'static', '--no-start')
  expect(await dns('first')).toMatchObject({ state: 'failed', answer: expect.stringContaining('no answer') })
  expect((await dns('first')).next_try_at).toMatch(/^20/)
  expect(await platform.json('status')).toMatchObject({ dns: { mode: 'server', ok: false } })
  await startNamed('named-key')
  await until('it was told', async () => (await dns('first')).state === 'announced')
  expect(await ask('first.sites')).toEqual([VM_IPV4])
  expect(await ask('first.sites', 'AAAA')).toEqual([VM_IPV6])
  expect(await ask('ruche')).toEqual([VM_IPV4])
})

test('a wrong key is told in the server’s words; what was missed is made up for with the right one', async () => {
  await stopNamed()
  await writeKey('other-key', await makeKey())
  await startNamed('other-key')
  await platform.json('create', 'second', '--language', 'static', '--no-start')
  expect(await dns('second')).toMatchObject({ state: 'failed', answer: expect.stringMatching(/NOTAUTH|BADSIG/) })
  await platform.json('destroy', 'first', '--yes')
  expect(await ask('first.sites')).toEqual([VM_IPV4])
  await stopNamed()
  await startNamed('named-key')
  await until('the new name is there', async () => (await ask('second.sites'))[0] === VM_IPV4)
  await until('the old one is gone', async () => (await ask('first.sites')).length === 0)
})

test('a server that is silent costs a creation some seconds and no more; names of others in the zone are never touched', async () => {
  named?.kill('SIGSTOP')
  await platform.json('create', 'third', '--language', 'static', '--no-start')
  expect(await dns('third')).toMatchObject({ state: 'failed', answer: expect.stringContaining('timed out') })
  named?.kill('SIGCONT')
  await until('it was told', async () => (await ask('third.sites'))[0] === VM_IPV4)
  expect(await ask('www')).toEqual(['192.0.2.80'])
  expect(BASE_DOMAIN).toBe(`sites.${ZONE}`)
})
