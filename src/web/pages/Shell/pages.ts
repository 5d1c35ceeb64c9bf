import type { IconName } from '../../parts/Icon.js'

const PAGES = [
  { to: '/sites', icon: 'globe2', text: 'nav.sites', administrator: false },
  { to: '/platform', icon: 'hdd-rack', text: 'nav.platform', administrator: true },
] as const satisfies readonly { to: string; icon: IconName; text: string; administrator: boolean }[]

/** The pages of the bar, for an administrator or for somebody else. */
export function findPages(administrator: boolean) {
  return PAGES.filter((page) => administrator || !page.administrator)
}
