import type { Phase } from '../model/container.js'
import type { Site } from '../model/site.js'
import { stackName } from '../model/stack.js'
import type { Context } from './context.js'
import { formatLimits, formatTime, formatUse } from './format.js'
import { renderPairs } from './render-table.js'
import type { Style } from './styles.js'

const STYLES: Partial<Record<Phase, Style>> = {
  running: 'green',
  failed: 'red',
  unknown: 'red',
  stopped: 'dim',
  asleep: 'dim',
  creating: 'yellow',
  starting: 'yellow',
  stopping: 'yellow',
}

/** Colour of a state; the word is always there too. */
export const stateStyle = (state: Phase): Style => STYLES[state] ?? 'yellow'

/** A site as `--json` gives it: what the API says, and its name as `id`. */
export const siteDocument = (site: Site) => ({ id: site.name, ...site })

/** Everything about a site, for people. */
export function renderSite(site: Site, { paint }: Pick<Context, 'paint'>): string {
  const { usage } = site
  const pairs: [string, string | undefined][] = [
    ['address', site.url],
    ['wanted', site.state === site.wanted ? undefined : site.wanted],
    ['why', site.reason],
    ['owner', site.owner],
    ['stack', stackName(site.stack)],
    ['former stack', site.formerStack && stackName(site.formerStack)],
    ['packages', site.packages.join(', ') || undefined],
    ['model', site.modelFor === 'nobody' ? undefined : `for ${site.modelFor}`],
    ['domains', site.domains.join(', ')],
    ['DNS', site.dns && describeDns(site.dns)],
    ['IPv4', site.ipv4],
    ['IPv6', site.ipv6],
    ['SFTP port', String(site.sftpPort)],
    ['limits', formatLimits(site.limits)],
    ['memory', usage && formatUse(usage.memoryBytes, site.limits.memoryBytes)],
    ['disk', usage && formatUse(usage.diskUsedBytes, site.limits.diskBytes)],
    ['out of memory', usage?.oomKills ? `${usage.oomKills} times since the start` : undefined],
    ['created', formatTime(site.createdAt)],
    ['started', formatTime(site.startedAt)],
    ['brought back', site.restarts ? `${site.restarts} times` : undefined],
    ['falls asleep', site.idleMinutes === null ? 'never' : `after ${site.idleMinutes} minutes without a visit`],
    ['wakes', formatTime(site.wakeAt)],
    ['operation', site.operation],
  ]
  const title = `${paint('bold', site.name)} ${paint(stateStyle(site.state), `● ${site.state}`)}`
  return `${title}\n${renderPairs(pairs, (name) => paint('dim', name))}`
}

function describeDns({ state, answer, nextTryAt }: NonNullable<Site['dns']>): string {
  const words = { announced: 'knows the name', pending: 'is to be told the name', failed: 'was not told the name' }
  const again = nextTryAt === undefined ? '' : `, again at ${formatTime(nextTryAt)}`
  return `the server ${words[state]}${state === 'failed' ? ` (${answer ?? 'no answer'})${again}` : ''}`
}

/** Asks for a site and answers what `followOrLeave` prints of it. */
export async function describeSite(context: Context, name: string): Promise<{ document: unknown; text: () => string }> {
  const site = await context.client.call('getSite', { params: { name } })
  return { document: siteDocument(site), text: () => renderSite(site, context) }
}
