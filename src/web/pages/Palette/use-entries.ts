import { useQuery } from '@tanstack/react-query'
import type { useNavigate } from 'react-router'
import type { Site } from '../../../model/site.js'
import { useMe } from '../../api/me.js'
import { findPowerVerbs, type PowerVerb, powerSite } from '../../api/power.js'
import { sitesQuery } from '../../api/sites.js'
import { useWords, type Words } from '../../i18n/use-words.js'
import type { IconName } from '../../parts/Icon.js'
import { POWER_ICONS } from '../../parts/PowerButtons.js'
import { showToast } from '../../parts/toasts.js'
import { TABS } from '../Platform/tabs.js'
import { findPages } from '../Shell/pages.js'
import { findTabs } from '../Site/tabs.js'
import type { Entry } from './find-entries.js'

/** An entry, and what happens when it is chosen. */
export interface PaletteEntry extends Entry {
  icon: IconName
  choose: (navigate: ReturnType<typeof useNavigate>) => unknown
}

const lead = (id: string, label: string, note: string, icon: IconName): PaletteEntry => ({
  id,
  label,
  note,
  icon,
  choose: (navigate) => navigate(id),
})

function powerEntry(name: string, verb: PowerVerb, { t }: Words): PaletteEntry {
  return {
    id: `${verb} ${name}`,
    label: t(`power.${verb}`),
    note: name,
    icon: POWER_ICONS[verb],
    async choose(navigate) {
      await navigate(`/sites/${name}`)
      await powerSite(name, verb).catch((error: Error) =>
        showToast({ kind: 'error', title: t(`operation.failed.site.${verb}`, { subject: name }), error }),
      )
    },
  }
}

function entriesOf(site: Site, words: Words): PaletteEntry[] {
  const { t } = words
  const { name, url } = site
  const address = `/sites/${name}`
  return [
    ...findTabs(site)
      .filter(({ to }) => to !== '.')
      .map(({ to, text }) => lead(`${address}/${to}`, t(text), name, 'chevron-right')),
    {
      id: url,
      label: t('site.open'),
      note: name,
      icon: 'box-arrow-up-right',
      choose: () => window.open(url, '_blank', 'noreferrer'),
    },
    ...findPowerVerbs(site).map((verb) => powerEntry(name, verb, words)),
  ]
}

/** All that this person can go to or do from anywhere. */
export function useEntries(): PaletteEntry[] {
  const words = useWords()
  const { t } = words
  const { administrator, mayCreate } = useMe()
  // What is chosen here is done without a look at the site: it is asked anew each time.
  const { data: sites = [] } = useQuery({ ...sitesQuery(administrator ? 'all' : 'mine'), refetchOnMount: 'always' })
  return [
    ...(mayCreate ? [lead('/create', t('sites.create'), t('palette.action'), 'plus-lg')] : []),
    ...findPages(administrator).map(({ to, text, icon }) => lead(to, t(text), t('palette.page'), icon)),
    ...(administrator
      ? TABS.map(({ to, text }) => lead(`/platform/${to}`, t(text), t('nav.platform'), 'chevron-right'))
      : []),
    lead('/profile', t('nav.profile'), t('palette.page'), 'key'),
    lead('/trash', t('nav.trash'), t('palette.page'), 'trash3'),
    ...sites.map(({ name }) => lead(`/sites/${name}`, name, t('palette.site'), 'globe2')),
    ...sites.flatMap((site) => entriesOf(site, words)),
  ]
}
