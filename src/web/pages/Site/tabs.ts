import type { Site, SiteRight } from '../../../model/site.js'

const TABS = [
  { to: '.', text: 'tab.overview', right: 'view' },
  { to: 'files', text: 'tab.files', right: 'edit' },
  { to: 'terminal', text: 'tab.terminal', right: 'edit' },
  { to: 'logs', text: 'tab.logs', right: 'edit' },
  { to: 'graphs', text: 'tab.graphs', right: 'view' },
  { to: 'backups', text: 'tab.backups', right: 'edit' },
  { to: 'access', text: 'tab.access', right: 'edit' },
  { to: 'domains', text: 'tab.domains', right: 'manage' },
  { to: 'visitors', text: 'tab.visitors', right: 'manage' },
  { to: 'people', text: 'tab.sharing', right: 'view' },
  { to: 'settings', text: 'tab.settings', right: 'manage' },
  { to: 'danger', text: 'tab.danger', right: 'delete' },
] as const satisfies readonly { to: string; text: string; right: SiteRight }[]

/** The tabs of a site that are for this person. */
export function findTabs(site: Site) {
  return TABS.filter(({ right }) => site.rights.includes(right))
}

/** Whether the tab at this address is one for this person. */
export function mayOpen(site: Site, pathname: string): boolean {
  const tab = TABS.find(({ to }) => pathname.split('/')[3] === to)
  return tab === undefined || site.rights.includes(tab.right)
}
