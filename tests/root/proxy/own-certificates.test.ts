import { mkdtemp, rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BoughtCertificate, issueCertificate } from '../../helpers/issue-certificate.js'
import { until } from '../../helpers/programs.js'
import { BASE, type Lab, openLab } from './lab/lab.js'

const SHOP = `shop.${BASE}`
const CUSTOM = 'www.customer.test'
const OTHER = 'other.customer.test'
const ROUTES = [{ name: 'shop', ipv4: '10.1.1.2', domains: [SHOP, CUSTOM, OTHER] }]
const DAY_MS = 86_400_000

let lab: Lab
let folder: string
let bought: BoughtCertificate
beforeAll(async () => {
  folder = await mkdtemp('/tmp/ruche-bought-')
  bought = await issueCertificate(folder, [CUSTOM])
  lab = await openLab([SHOP, CUSTOM, OTHER])
  await lab.listen('shop', '10.1.1.2', 'echo')
  await lab.apply(ROUTES)
})
afterAll(async () => {
  await lab?.close()
  await rm(folder, { recursive: true, force: true })
})

const given = () => ({ chain: bought.chain, key: bought.key })
/** Status by the eyes of somebody who trusts the seller's authority alone, and of somebody who trusts the platform's alone; 0: refused. */
async function look(name = CUSTOM): Promise<[number, number]> {
  const seller = await lab.curl('--cacert', bought.caFile, `https://${name}/`)
  const platform = await lab.curl(`https://${name}/`)
  return [seller.status, platform.status]
}

test('is served for its name alone, in the place of the platform’s', async () => {
  expect(await look()).toEqual([0, 200])
  await lab.setOwn(CUSTOM, given())
  await lab.apply(ROUTES)
  expect(await look()).toEqual([200, 0])
  expect(await look(OTHER)).toEqual([0, 200])
  expect(await look(SHOP)).toEqual([0, 200])
})

test('is served also by the next server, and by a new one of nginx', async () => {
  await lab.open()
  await lab.apply(ROUTES)
  await lab.killNginx()
  await lab.apply(ROUTES)
  expect(await until('it is served again', async () => ((await look())[0] === 200 ? look() : undefined))).toEqual([
    200, 0,
  ])
})

test('gives its place to the platform’s on its last day, and when it is removed', async () => {
  await lab.passTime(396.5 * DAY_MS)
  await lab.apply(ROUTES)
  expect(await look()).toEqual([0, 200])
  await lab.passTime(-396.5 * DAY_MS)
  await lab.apply(ROUTES)
  expect(await look()).toEqual([200, 0])
  await lab.removeOwn(CUSTOM)
  await lab.apply(ROUTES)
  expect(await look()).toEqual([0, 200])
})

test('goes with its name', async () => {
  await lab.setOwn(CUSTOM, given())
  await lab.apply([{ name: 'shop', ipv4: '10.1.1.2', domains: [SHOP, OTHER] }])
  await lab.apply(ROUTES)
  expect(await look()).toEqual([0, 200])
})
