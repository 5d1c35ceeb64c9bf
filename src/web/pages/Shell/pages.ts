import type { IconName } from '../../parts/Icon.js'

const PAGES = [
  { to: '/sites', icon: 'globe2', text: 'nav.sites', administrator: false },
  { to: '/containers', icon: 'boxes', text: 'nav.containers', administrator: true },
  { to: '/people', icon: 'people', text: 'nav.people', administrator: true },
  { to: '/templates', icon: 'layers', text: 'nav.templates', administrator: true },
  { to: '/doctor', icon: 'check-circle-fill', text: 'nav.doctor', administrator: true },
] as const satisfies readonly { to: string; icon: IconName; text: string; administrator: boolean }[]

/** The pages of the bar, for an administrator or for somebody else. */
export function findPages(administrator: boolean) {
  return PAGES.filter((page) => administrator || !page.administrator)
}
