import type { SiteAccess } from '../../../../model/site.js'
import { useWords } from '../../../i18n/use-words.js'
import { Fact } from '../../../parts/Fact.js'
import { useSite } from '../use-site.js'
import { Copied } from './AccessFacts.js'
import { RotateButton } from './RotateButton.js'
import { SecretField } from './SecretField.js'

/** How code reaches the site's database; nothing when it has none. */
export function DatabaseAccess({ database }: { database: SiteAccess['database'] }) {
  const { t } = useWords()
  const { name, operation } = useSite()
  if (!database) return null
  return (
    <section className="panel panel-body" aria-labelledby="database-title">
      <div className="panel-head">
        <h2 id="database-title">{t('access.database')}</h2>
        {'password' in database && <RotateButton site={name} which="database" disabled={operation !== undefined} />}
      </div>
      <p className="text-body-secondary">{t('path' in database ? 'access.databaseFileText' : 'access.databaseText')}</p>
      <dl className="facts facts-wide">
        {'path' in database ? (
          <Copied label={t('access.databaseFile')} text={database.path} />
        ) : (
          <>
            <Copied label={t('access.host')} text={database.host} />
            <Copied label={t('access.databaseName')} text={database.name} />
            <Copied label={t('access.user')} text={database.user} />
            <Fact label={t('access.password')}>
              <SecretField secret={database.password} what={t('access.password')} />
            </Fact>
          </>
        )}
        <Copied label={t('access.file')} text={database.file} />
      </dl>
    </section>
  )
}
