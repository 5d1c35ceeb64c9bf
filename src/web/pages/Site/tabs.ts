import type { Site, SiteRight } from '../../../model/site.js'

const TABS = [
  { to: '.', text: 'tab.overview', right: 'view' },
  { to: 'files', text: 'tab.files', right: 'edit' },
  { to: 'terminal', text: 'tab.terminal', right: 'edit' },
  { to: 'database', text: 'tab.database', right: 'edit' },
  { to: 'logs', text: 'tab.logs', right: 'edit' },
  { to: 'graphs', text: 'tab.graphs', right: 'view' },
  { to: 'backups', text: 'tab.backups', right: 'edit' },
  { to: 'access', text: 'tab.access', right: 'edit' },
  { to: 'domains', text: 'tab.domains', right: 'manage' },
  { to: 'visitors', text: 'tab.visitors', right: 'manage' },
  { to: 'people', text: 'tab.sharing', right: 'view' },
  { to: 'activity', text: 'tab.activity', right: 'manage' },
  { to: 'settings', text: 'tab.settings', right: 'manage' },
  { to: 'danger', text: 'tab.danger', right: 'delete' },
] as const satisfies readonly { to: string; text: string; right: SiteRight }[]

/** The tabs of a site that has what they are about, and of a person who may open them. */
export function findTabs({ rights, stack }: Site) {
  return TABS.filter(({ to, right }) => rights.includes(right) && (to !== 'database' || stack.database !== 'none'))
}

/** Whether the tab at this address is one for this person. */
export function mayOpen(site: Site, pathname: string): boolean {
  const tab = TABS.find(({ to }) => pathname.split('/')[3] === to)
  return tab === undefined || site.rights.includes(tab.right)
}
