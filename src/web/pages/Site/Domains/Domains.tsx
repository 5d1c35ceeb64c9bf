import { useQuery } from '@tanstack/react-query'
import { domainsQuery } from '../../../api/domains.js'
import { useWords } from '../../../i18n/use-words.js'
import { Address } from '../../../parts/Address.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { AddDomain } from './AddDomain.js'
import { DomainPanel } from './DomainPanel.js'
import { MainName } from './MainName.js'
import { Records } from './Records.js'

/** Names under which the site answers: the platform's, which stays, and its own, each with what proves it. */
export function Domains() {
  const { t } = useWords()
  const site = useSite()
  const { data, error, refetch } = useQuery(domainsQuery(site.name))
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  return (
    <>
      <section className="panel panel-body" aria-labelledby="domains-title">
        <h2 id="domains-title">{t('domains.title')}</h2>
        <p className="text-body-secondary">{t('domains.text')}</p>
        <ul className="item-list">
          <li>
            <Address url={site.url} copy />
            <span className="tag">{t('domains.platform')}</span>
          </li>
        </ul>
        <AddDomain site={site} />
        {site.domains.length > 1 && <MainName site={site} />}
      </section>
      {data.map((domain) => (
        <DomainPanel key={domain.name} site={site} domain={domain} />
      ))}
      <Records site={site} />
    </>
  )
}
