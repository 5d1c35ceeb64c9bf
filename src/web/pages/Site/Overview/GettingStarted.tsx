import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { siteAccessQuery } from '../../../api/site-access.js'
import { useWords } from '../../../i18n/use-words.js'
import { Command } from '../../../parts/Command.js'
import { focusHeading } from '../../../parts/focus-heading.js'
import { Icon, type IconName } from '../../../parts/Icon.js'
import { readPreference, writePreference } from '../../../preferences.js'
import { Copied } from '../Access/AccessFacts.js'
import { gitRemote, sftpCommand } from '../Access/ways-in.js'
import { useSite } from '../use-site.js'

/** A site is new for so long. */
const NEW_MS = 7 * 24 * 3_600_000

function Way({ icon, title, text, children }: { icon: IconName; title: string; text: string; children: ReactNode }) {
  return (
    <li className="way">
      <h3>
        <Icon name={icon} />
        {title}
      </h3>
      <p>{text}</p>
      {children}
    </li>
  )
}

function WaysFromElsewhere() {
  const { t } = useWords()
  const { name } = useSite()
  const { data } = useQuery(siteAccessQuery(name))
  // What cannot be told here, the tab Access explains.
  if (!data) return null
  const { sftp } = data
  return (
    <>
      <Way icon="upload" title={t('access.sftp')} text={t('started.sftpText')}>
        <dl className="facts facts-wide">
          <Copied label={t('access.host')} text={sftp.host} />
          <Copied label={t('access.port')} text={String(sftp.port)} />
          <Copied label={t('access.user')} text={sftp.user} />
        </dl>
        <Command text={sftpCommand(sftp)} what={t('started.sftpCommand')} />
        <Link to="access">{t('started.password')}</Link>
      </Way>
      <Way icon="terminal" title="git" text={t('started.gitText')}>
        <Command text={`git remote add site ${gitRemote(sftp)}`} what={t('started.gitRemote')} />
        <Command text="git push site main" what={t('started.gitPush')} />
      </Way>
    </>
  )
}

/** The ways to put something into a site, while it is new; closed, it stays so in this browser. */
export function GettingStarted() {
  const { t } = useWords()
  const { name, createdAt, rights } = useSite()
  // A later site of the same name is new again.
  const preference = `started.${name}.${createdAt}` as const
  const [closed, setClosed] = useState(() => readPreference(preference) !== undefined)
  const isNew = Date.now() - Date.parse(createdAt) < NEW_MS
  if (closed || !isNew || !rights.includes('edit')) return null
  const close = () => {
    writePreference(preference, 'closed')
    setClosed(true)
    focusHeading()
  }
  return (
    <section className="panel panel-body" aria-labelledby="started-title">
      <div className="panel-head">
        <h2 id="started-title">{t('started.title')}</h2>
        <button
          type="button"
          className="icon-button"
          title={t('started.close')}
          aria-label={t('started.close')}
          onClick={close}
        >
          <Icon name="x-lg" size={14} />
        </button>
      </div>
      <ul className="ways">
        <Way icon="pencil" title={t('started.editor')} text={t('started.editorText')}>
          <Link className="btn btn-quiet" to="files">
            {t('started.open')}
          </Link>
        </Way>
        <WaysFromElsewhere />
      </ul>
    </section>
  )
}
