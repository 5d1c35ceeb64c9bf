import { useState } from 'react'
import { ANNOUNCEMENT_LANGUAGES, type Announcement } from '../../../model/announcement.js'
import { visibleText } from '../../../model/visible-text.js'
import { removeAnnouncement } from '../../api/announcements.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { RemoveButton } from '../../parts/RemoveButton.js'
import { AnnouncementDialog } from './AnnouncementDialog.js'
import { toForm } from './announcement-form.js'

function State({ state }: { state: Announcement['state'] }) {
  const { t } = useWords()
  return (
    <span className={state === 'shown' ? 'state state-running' : 'state state-stopped'}>
      <span className="state-dot" aria-hidden="true" />
      {t(`announcements.state.${state}`)}
    </span>
  )
}

function ChangeButton({ announcement }: { announcement: Announcement }) {
  const { t } = useWords()
  const [changing, setChanging] = useState(false)
  const label = t('announcements.change')
  return (
    <>
      <button type="button" className="icon-button" title={label} aria-label={label} onClick={() => setChanging(true)}>
        <Icon name="pencil" size={14} />
      </button>
      {changing && (
        <AnnouncementDialog id={announcement.id} values={toForm(announcement)} onClose={() => setChanging(false)} />
      )}
    </>
  )
}

export function AnnouncementRow({ announcement }: { announcement: Announcement }) {
  const { t, date } = useWords()
  const { kind, texts, state, from, until, by } = announcement
  return (
    <tr>
      <td className="text-break">
        {kind === 'warning' && <span className="tag">{t('announcements.warning')}</span>}
        {ANNOUNCEMENT_LANGUAGES.filter((one) => texts[one] !== undefined).map((one) => (
          <span key={one} lang={one} className="d-block">
            {visibleText(texts[one] ?? '')}
          </span>
        ))}
        <span className="d-md-none">
          <State state={state} />
        </span>
      </td>
      <td className="d-none d-md-table-cell">
        <State state={state} />
      </td>
      <td className="d-none d-sm-table-cell text-nowrap">
        {from ? date(from) : t('announcements.atOnce')}
        <span className="row-note">{until ? `– ${date(until)}` : t('announcements.untilRemoved')}</span>
      </td>
      <td className="d-none d-lg-table-cell">{by}</td>
      <td className="row-actions">
        <ChangeButton announcement={announcement} />
        <RemoveButton
          label={t('announcements.remove')}
          text={t('announcements.removeText')}
          action={t('action.remove')}
          onRemove={() => removeAnnouncement(announcement.id)}
        />
      </td>
    </tr>
  )
}
