import { useState } from 'react'
import { Link } from 'react-router'
import { signOut, useMe } from '../../api/me.js'
import { useWords } from '../../i18n/use-words.js'
import { ConfirmDialog } from '../../parts/ConfirmDialog.js'
import { Icon } from '../../parts/Icon.js'
import { Menu } from '../../parts/Menu.js'
import { Meter } from '../../parts/Meter.js'
import { isAnythingUnsaved } from '../../unsaved.js'

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** What the person's sites use together, against the quota. */
export function QuotaMeters() {
  const { t, bytes, cores, number } = useWords()
  const { quota, used } = useMe()
  return (
    <div className="quota">
      <Meter label={t('quota.sites')} used={used.sites} limit={quota.sites} format={number} tones={false} />
      <Meter label={t('usage.cpu')} used={used.cpuMilli} limit={quota.cpuMilli} format={cores} tones={false} />
      <Meter label={t('usage.memory')} used={used.memoryBytes} limit={quota.memoryBytes} format={bytes} tones={false} />
      <Meter label={t('usage.disk')} used={used.diskBytes} limit={quota.diskBytes} format={bytes} tones={false} />
    </div>
  )
}

function SignOutButton() {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button
        type="button"
        className="btn btn-quiet w-100"
        onClick={() => (isAnythingUnsaved() ? setAsking(true) : void signOut())}
      >
        <Icon name="box-arrow-right" />
        {t('action.signOut')}
      </button>
      {asking && (
        <ConfirmDialog
          title={t('unsaved.title')}
          action={t('action.signOut')}
          danger
          onConfirm={signOut}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t('unsaved.text')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

/** Who is signed in, what they use of their quota, and the way out. */
export function PersonMenu() {
  const { t } = useWords()
  const me = useMe()
  return (
    <Menu
      label={t('nav.person', { name: me.name })}
      className="person-menu"
      button={
        <>
          <span className="avatar" aria-hidden="true">
            {initials(me.name)}
          </span>
          <span className="person-name">{me.name}</span>
          <Icon name="chevron-down" size={12} />
        </>
      }
    >
      <p className="fw-semibold mb-0">{me.name}</p>
      <p className="text-body-secondary small mb-3">
        {me.login} · {t(me.administrator ? 'role.administrator' : me.mayCreate ? 'role.creator' : 'role.guest')}
      </p>
      <h2 className="menu-heading">{t('quota.title')}</h2>
      <QuotaMeters />
      <nav className="menu-links" aria-label={t('nav.yours')}>
        <Link to="/profile">
          <Icon name="key" />
          {t('nav.profile')}
        </Link>
        <Link to="/trash">
          <Icon name="trash3" />
          {t('nav.trash')}
        </Link>
      </nav>
      <SignOutButton />
    </Menu>
  )
}
