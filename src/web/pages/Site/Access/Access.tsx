import { useQuery } from '@tanstack/react-query'
import type { SiteAccess } from '../../../../model/site.js'
import { siteAccessQuery } from '../../../api/site-access.js'
import { useWords } from '../../../i18n/use-words.js'
import { Command } from '../../../parts/Command.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Fact } from '../../../parts/Fact.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { Copied } from './AccessFacts.js'
import { DatabaseAccess } from './DatabaseAccess.js'
import { RotateButton } from './RotateButton.js'
import { SecretField } from './SecretField.js'
import { SftpKeys } from './SftpKeys.js'
import { sftpCommand } from './ways-in.js'

function Sftp({ sftp }: { sftp: SiteAccess['sftp'] }) {
  const { t } = useWords()
  const { name, operation } = useSite()
  return (
    <section className="panel panel-body" aria-labelledby="sftp-title">
      <div className="panel-head">
        <h2 id="sftp-title">{t('access.sftp')}</h2>
        <RotateButton site={name} which="sftp" disabled={operation !== undefined} />
      </div>
      <p className="text-body-secondary">{t('access.sftpText')}</p>
      <dl className="facts facts-wide">
        <Copied label={t('access.host')} text={sftp.host} />
        <Copied label={t('access.port')} text={String(sftp.port)} />
        <Copied label={t('access.user')} text={sftp.user} />
        <Fact label={t('access.password')}>
          <SecretField secret={sftp.password} what={t('access.password')} />
        </Fact>
      </dl>
      <Command text={sftpCommand(sftp)} what={t('access.command')} />
    </section>
  )
}

/** How to reach the site's files and database from elsewhere. */
export function Access() {
  const { t } = useWords()
  const { name } = useSite()
  const { data, error, refetch } = useQuery(siteAccessQuery(name))
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  return (
    <>
      <Sftp sftp={data.sftp} />
      <SftpKeys keys={data.sftp.keys} />
      <DatabaseAccess database={data.database} />
    </>
  )
}
