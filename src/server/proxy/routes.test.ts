import { expect, test } from 'vitest'
import { isPlatformName, planRoutes } from './routes.js'

const NETWORK = '10.1.1.0/24'
const site = (name: string, ipv4: string, ...domains: string[]) => ({ name, ipv4, domains })
const plan = (...sites: ReturnType<typeof site>[]) =>
  planRoutes({ panel: 'ruche.example.org', baseDomain: 'sites.example.org', sites }, NETWORK)

test('right routes pass as they are', () => {
  const sites = [site('shop', '10.1.1.2', 'shop.sites.example.org', 'a.test'), site('blog', '10.1.1.254', 'b.test')]
  expect(plan(...sites)).toEqual({ sites, pendingNames: [], leftOut: [] })
})

test.each(['10.1.1.0', '10.1.1.1', '10.1.1.255', '10.1.2.2', '127.0.0.1', '::1', '10.1.1.2:80', '10.1.1', ''])(
  'a site at %j is left out: only containers are ever reached',
  (ipv4) => {
    const { sites, leftOut } = plan(site('evil', ipv4, 'a.test'), site('shop', '10.1.1.2', 'b.test'))
    expect(sites.map(({ name }) => name)).toEqual(['shop'])
    expect(leftOut).toEqual(['site "evil": its name or address is not one of ours'])
  },
)

test('a larger network has its own edges', () => {
  const routes = {
    panel: 'p.test',
    baseDomain: 'b.test',
    sites: [site('a1', '10.1.2.0', 'a.test'), site('a2', '10.1.3.255', 'c.test')],
  }
  expect(planRoutes(routes, '10.1.0.0/22').sites.map(({ name }) => name)).toEqual(['a1'])
})

test('a name that two sites claim is given to neither', () => {
  const { sites, leftOut } = plan(site('shop', '10.1.1.2', 'a.test', 'b.test'), site('blog', '10.1.1.3', 'a.test'))
  expect(sites.map(({ domains }) => domains)).toEqual([['b.test'], []])
  expect(leftOut).toHaveLength(2)
})

test('the same name twice in one site is one', () => {
  expect(plan(site('shop', '10.1.1.2', 'a.test', 'a.test')).sites[0]?.domains).toEqual(['a.test'])
})

test.each(['ruche.example.org', 'A.test', 'a.test.', '*.a.test', 'a', '10.1.1.2', 'a.test;', ''])(
  'the name %j is left out, the site stays',
  (name) => {
    const { sites, leftOut } = plan(site('shop', '10.1.1.2', 'b.test', name))
    expect(sites[0]?.domains).toEqual(['b.test'])
    expect(leftOut).toHaveLength(1)
  },
)

test.each([
  ['sites.example.org', true],
  ['a.sites.example.org', true],
  ['a.b.sites.example.org', false],
  ['example.org', false],
  ['evilsites.example.org', false],
])('%s is covered by the wildcard: %j', (name, expected) => {
  expect(isPlatformName(name, 'sites.example.org')).toBe(expected)
})
