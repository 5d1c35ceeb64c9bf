import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PersonSession } from '../../../model/profile.js'
import { visibleText } from '../../../model/visible-text.js'
import { endOtherSessions, endSession, sessionsQuery } from '../../api/profile.js'
import { useWords } from '../../i18n/use-words.js'
import { ConfirmDialog } from '../../parts/ConfirmDialog.js'
import { Icon } from '../../parts/Icon.js'
import { RemoveButton } from '../../parts/RemoveButton.js'
import { findBrowser } from './find-browser.js'
import { ProfilePanel } from './ProfilePanel.js'

function SessionItem({ session }: { session: PersonSession }) {
  const { t, ago } = useWords()
  const { id, browser, address, seenAt, createdAt, isCurrent } = session
  const label = visibleText((browser && findBrowser(browser)) ?? browser ?? t('profile.someBrowser'))
  return (
    <li>
      <Icon name="globe2" />
      <span className="flex-grow-1 text-break" title={browser && visibleText(browser)}>
        {label} {isCurrent && <span className="tag">{t('profile.thisBrowser')}</span>}
        <span className="row-note">
          {t('profile.seen', { ago: ago(seenAt), from: address ?? '–', since: ago(createdAt) })}
        </span>
      </span>
      {!isCurrent && (
        <RemoveButton
          label={t('profile.signOutWhich', { which: label })}
          text={t('profile.signOutText')}
          action={t('action.signOut')}
          icon="box-arrow-right"
          onRemove={() => endSession(id)}
        />
      )}
    </li>
  )
}

/** Where the person is signed in. */
export function Sessions() {
  const { t } = useWords()
  const query = useQuery(sessionsQuery)
  const [asking, setAsking] = useState(false)
  const others = (query.data ?? []).some(({ isCurrent }) => !isCurrent)
  return (
    <>
      <ProfilePanel
        title={t('profile.sessions')}
        text={t('profile.sessionsText')}
        none=""
        query={query}
        button={
          others && (
            <button type="button" className="btn btn-sm btn-quiet" onClick={() => setAsking(true)}>
              {t('profile.signOutOthers')}
            </button>
          )
        }
      >
        {(session) => <SessionItem key={session.id} session={session} />}
      </ProfilePanel>
      {asking && (
        <ConfirmDialog
          title={t('profile.signOutOthers')}
          action={t('action.signOut')}
          danger
          onConfirm={endOtherSessions}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t('profile.signOutText')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
