import type { Site } from '../../model/site.js'
import { stackName } from '../../model/stack.js'

/** The sites in which every word of the search is found: in name, owner, names of domains, stack. */
export function filterSites(sites: Site[], search: string): Site[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return sites
  return sites.filter((site) => {
    const text = [site.name, site.owner, ...site.domains, stackName(site.stack)].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
