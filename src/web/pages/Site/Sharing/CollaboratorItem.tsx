import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { type Collaborator, CollaboratorRight } from '../../../../model/collaborator.js'
import { lookAtCollaborators, removeCollaborator, setCollaborator } from '../../../api/collaborators.js'
import { useMe } from '../../../api/me.js'
import { useWords } from '../../../i18n/use-words.js'
import { RemoveButton } from '../../../parts/RemoveButton.js'
import { showToast } from '../../../parts/toasts.js'
import { useSite } from '../use-site.js'

/** What they may do; a choice acts at once. */
function RightChoice({ person }: { person: Collaborator }) {
  const { t } = useWords()
  const { name } = useSite()
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (right: CollaboratorRight) => setCollaborator(name, person.login, right),
    onError: (error) => showToast({ kind: 'error', title: t('save.failed'), error }),
  })
  return (
    <select
      className="form-select w-auto"
      aria-label={t('sharing.rightOf', { name: person.name })}
      value={isPending ? variables : person.right}
      disabled={isPending}
      onChange={({ target }) => mutate(CollaboratorRight.parse(target.value))}
    >
      {CollaboratorRight.options.map((right) => (
        <option key={right} value={right}>
          {t(`sharing.right.${right}`)}
        </option>
      ))}
    </select>
  )
}

/** Takes somebody's right away, or leaves. */
function Leave({ person }: { person: Collaborator }) {
  const { t } = useWords()
  const { name } = useSite()
  const navigate = useNavigate()
  const isMe = person.login === useMe().login
  const remove = async () => {
    await removeCollaborator(name, person.login)
    if (isMe) await navigate('/sites')
    else await lookAtCollaborators(name)
  }
  return (
    <RemoveButton
      label={isMe ? t('sharing.leave') : t('sharing.remove', { name: person.name })}
      text={t(isMe ? 'sharing.leaveText' : 'sharing.removeText')}
      action={t(isMe ? 'sharing.leaveAction' : 'action.remove')}
      {...(isMe && { icon: 'box-arrow-right' as const })}
      onRemove={remove}
    />
  )
}

export function CollaboratorItem({ person }: { person: Collaborator }) {
  const { t, ago } = useWords()
  const { rights } = useSite()
  const { login } = useMe()
  const mayShare = rights.includes('share')
  return (
    <li>
      <span className="flex-grow-1 text-break">
        {person.name}
        <span className="row-note">
          {person.login} · {t('sharing.added', { who: person.addedBy, ago: ago(person.addedAt) })}
        </span>
      </span>
      {mayShare ? <RightChoice person={person} /> : <span className="tag">{t(`sharing.right.${person.right}`)}</span>}
      {(mayShare || person.login === login) && <Leave person={person} />}
    </li>
  )
}
