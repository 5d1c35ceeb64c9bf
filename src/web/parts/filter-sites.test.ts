import { expect, it } from 'vitest'
import { aSite } from '../test-data.js'
import { filterSites } from './filter-sites.js'

const sites = [
  aSite({ name: 'shop', owner: 'ada', domains: ['shop.sites.localhost', 'www.example.org'] }),
  aSite({ name: 'notes', owner: 'bob', domains: ['notes.sites.localhost'] }),
]
const names = (search: string) => filterSites(sites, search).map(({ name }) => name)

it('finds every word, in name, owner, domains and stack', () => {
  expect(names('')).toEqual(['shop', 'notes'])
  expect(names('EXAMPLE')).toEqual(['shop'])
  expect(names('bob php')).toEqual(['notes'])
  expect(names('bob example')).toEqual([])
})
