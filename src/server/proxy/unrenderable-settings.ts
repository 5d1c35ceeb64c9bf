import type { ServerSettings } from '../../model/server-settings.js'
import { checkCandidate } from './check-candidate.js'
import { DEFAULT_PROXY_LIMITS, type ProxyInput } from './proxy-input.js'
import { renderDoors } from './render-doors.js'
import type { SiteRoute } from './routes.js'

/** Remembers whose settings nginx refused, as they were then. */
export type RefusedSettings = Map<string, string>

/** Sites whose settings cannot be served are closed, so that they keep no other site from changing; in words what was closed. */
export function closeUnrenderable(
  sites: readonly SiteRoute[],
  refused: RefusedSettings,
): { sites: SiteRoute[]; closed: string[] } {
  const closed: string[] = []
  const kept = sites.map((site) => {
    const problem = findProblem(site, refused)
    if (problem === undefined) return site
    closed.push(`site ${site.name} is closed: ${problem}`)
    return { ...site, settings: 'unreadable' as const }
  })
  return { sites: kept, closed }
}

/** Tries each site's settings apart and keeps in mind which nginx refuses; answers whether there are any. */
export async function findRefused(
  { nginx }: ServerSettings,
  folder: string,
  input: ProxyInput,
  refused: RefusedSettings,
): Promise<boolean> {
  const before = refused.size
  for (const site of input.sites.filter(hasSettings)) {
    await checkCandidate(nginx, folder, { ...input, sites: [site] }).catch(() =>
      refused.set(site.name, JSON.stringify(site.settings)),
    )
  }
  return refused.size > before
}

function findProblem(site: SiteRoute, refused: RefusedSettings): string | undefined {
  if (site.settings === 'unreadable') return 'its settings cannot be read'
  if (!hasSettings(site)) return undefined
  if (refused.get(site.name) === JSON.stringify(site.settings)) return 'nginx refuses its settings'
  refused.delete(site.name)
  try {
    renderDoors({ sites: [site], folder: '/lib', httpsPort: 443, limits: DEFAULT_PROXY_LIMITS })
    return undefined
  } catch {
    return 'its settings cannot be used'
  }
}

const hasSettings = ({ settings }: SiteRoute): boolean => settings !== undefined && settings !== 'unreadable'
