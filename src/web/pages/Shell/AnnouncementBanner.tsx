import { useState } from 'react'
import type { ShownAnnouncement } from '../../../model/announcement.js'
import { useMe } from '../../api/me.js'
import { useWords } from '../../i18n/use-words.js'
import { AnnouncementText } from '../../parts/AnnouncementText.js'
import { chooseText } from '../../parts/choose-text.js'
import { Icon } from '../../parts/Icon.js'
import { readPreference, writePreference } from '../../preferences.js'

/** A changed one is another one: it is shown again. */
const keyOf = ({ id, changedAt }: ShownAnnouncement): string => `${id}@${changedAt}`

function useClosed(announcements: ShownAnnouncement[]) {
  const [closed, setClosed] = useState(() => (readPreference('closed') ?? '').split(' '))
  const close = (announcement: ShownAnnouncement) => {
    // Those that are gone need not be remembered.
    const known = announcements.map(keyOf)
    const next = [...closed.filter((key) => known.includes(key)), keyOf(announcement)]
    setClosed(next)
    writePreference('closed', next.join(' '))
    // The button goes with it: the keyboard goes on where the page begins.
    document.querySelector<HTMLElement>('#page h1')?.focus({ preventScroll: true })
  }
  return { open: announcements.filter((one) => !closed.includes(keyOf(one))), close }
}

/** What administrators tell everybody, until it ends or the person closes it. */
export function AnnouncementBanner() {
  const { t, language } = useWords()
  const { announcements } = useMe()
  const { open, close } = useClosed(announcements)
  return (
    <div role="status">
      {open.map((one) => {
        const isWarning = one.kind === 'warning'
        const label = t('announcement.close', { text: chooseText(one.texts, language).text })
        return (
          <div key={one.id} className={`banner announcement announcement-${one.kind}`}>
            <Icon name={isWarning ? 'exclamation-triangle' : 'info-circle-fill'} />
            <p>
              {isWarning && <span className="visually-hidden">{t('announcement.warning')}: </span>}
              <AnnouncementText texts={one.texts} />
            </p>
            <button
              type="button"
              className="icon-button"
              title={t('action.close')}
              aria-label={label}
              onClick={() => close(one)}
            >
              <Icon name="x-lg" size={14} />
            </button>
          </div>
        )
      })}
    </div>
  )
}
