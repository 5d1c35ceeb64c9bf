import type { VisitedRequest } from './read-access-log.js'

/** Programs that look at every site again and again, by what they call themselves. */
const MACHINES = /bot\b|crawl|spider|slurp|uptime|monitor|pingdom|statuscake|check_http|blackbox|feedfetcher/i

/** When somebody who is no known machine last came to each of these sites, in milliseconds since 1970. */
export function findVisits(requests: VisitedRequest[]): Map<string, number> {
  const last = new Map<string, number>()
  for (const { site, at, agent } of requests)
    if (!MACHINES.test(agent)) last.set(site, Math.max(last.get(site) ?? 0, at * 1000))
  return last
}
