import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Named, openNamed } from '../helpers/named.js'
import { VM_IPV4, VM_IPV6 } from '../helpers/outer-network.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'
import { until } from '../helpers/programs.js'

const ZONE = 'example.test'
let named: Named
let platform: Platform

beforeAll(async () => {
  named = await openNamed({ [ZONE]: 'www A 192.0.2.80\n' })
  platform = await startPlatform(named.configuration(ZONE))
  await named.giveKey()
})
afterAll(() => named?.close(() => platform?.close()))

const ask = (label: string, type?: string) => named.ask(`${label}.${ZONE}`, type)
const dns = async (name: string) => (await platform.json<{ dns: Record<string, string> }>('show', name)).dns

test('a server that is away holds nobody up: the state says so, and it is told once it is back', async () => {
  await platform.json('create', 'first', '--language', 'static', '--no-start')
  expect(await dns('first')).toMatchObject({ state: 'failed', answer: expect.stringContaining('no answer') })
  expect((await dns('first')).next_try_at).toMatch(/^20/)
  expect(await platform.json('status')).toMatchObject({ dns: { mode: 'server', ok: false } })
  await named.start(platform.network)
  await until('it was told', async () => (await dns('first')).state === 'announced')
  expect(await ask('first.sites')).toEqual([VM_IPV4])
  expect(await ask('first.sites', 'AAAA')).toEqual([VM_IPV6])
  expect(await ask('ruche')).toEqual([VM_IPV4])
})

test('a wrong key is told in the server’s words; what was missed is made up for with the right one', async () => {
  await named.stop()
  await named.start(platform.network, 'wrong')
  await platform.json('create', 'second', '--language', 'static', '--no-start')
  expect(await dns('second')).toMatchObject({ state: 'failed', answer: expect.stringMatching(/NOTAUTH|BADSIG/) })
  await platform.json('destroy', 'first', '--yes')
  expect(await ask('first.sites')).toEqual([VM_IPV4])
  await named.stop()
  await named.start(platform.network)
  await until('the new name is there', async () => (await ask('second.sites'))[0] === VM_IPV4)
  await until('the old one is gone', async () => (await ask('first.sites')).length === 0)
})

test('a server that is silent costs a creation some seconds and no more; names of others in the zone are never touched', async () => {
  named.child()?.kill('SIGSTOP')
  await platform.json('create', 'third', '--language', 'static', '--no-start')
  expect(await dns('third')).toMatchObject({ state: 'failed', answer: expect.stringContaining('timed out') })
  named.child()?.kill('SIGCONT')
  await until('it was told', async () => (await ask('third.sites'))[0] === VM_IPV4)
  expect(await ask('www')).toEqual(['192.0.2.80'])
  expect(BASE_DOMAIN).toBe(`sites.${ZONE}`)
})
