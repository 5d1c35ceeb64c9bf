import { useQuery } from '@tanstack/react-query'
import { collaboratorsQuery } from '../../../api/collaborators.js'
import { useWords } from '../../../i18n/use-words.js'
import { ErrorNote } from '../../../parts/ErrorNote.js'
import { Spinner } from '../../../parts/Spinner.js'
import { useSite } from '../use-site.js'
import { AddCollaborator } from './AddCollaborator.js'
import { CollaboratorItem } from './CollaboratorItem.js'

/** Who works on the site: its owner, and the people with whom it is shared. */
export function Sharing() {
  const { t } = useWords()
  const { name, rights } = useSite()
  const { data, error, refetch } = useQuery(collaboratorsQuery(name))
  if (!data)
    return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Spinner label={t('general.loading')} />
  const { owner, collaborators } = data
  return (
    <section className="panel panel-body" aria-labelledby="sharing-title">
      <h2 id="sharing-title">{t('sharing.title')}</h2>
      <p className="text-body-secondary">{t('sharing.text')}</p>
      <ul className="item-list">
        <li>
          <span className="text-break">
            {owner.name}
            <span className="row-note">{owner.login}</span>
          </span>
          <span className="tag">{t('sharing.owner')}</span>
        </li>
        {collaborators.map((person) => (
          <CollaboratorItem key={person.login} person={person} />
        ))}
      </ul>
      {rights.includes('share') && <AddCollaborator known={[owner, ...collaborators].map(({ login }) => login)} />}
    </section>
  )
}
