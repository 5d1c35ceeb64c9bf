import { useState } from 'react'
import { Link } from 'react-router'
import type { Person } from '../../../model/person.js'
import { visibleText } from '../../../model/visible-text.js'
import { useWords } from '../../i18n/use-words.js'
import { Icon } from '../../parts/Icon.js'
import { Meter } from '../../parts/Meter.js'
import { PersonDialog } from './PersonDialog.js'
import { toPersonForm } from './person-form.js'

/** Whether the person may create, and who decided so. */
function Decision({ person }: { person: Person }) {
  const { t } = useWords()
  return (
    <>
      <span className={person.mayCreate ? 'state state-running' : 'state state-stopped'}>
        <span className="state-dot" aria-hidden="true" />
        {t(person.mayCreate ? 'people.mayCreate' : 'people.mayNotCreate')}
      </span>
      <span className="row-note">
        {t(person.decision === 'group' ? 'people.byGroup' : 'people.byAdministrator')}
        {person.reason && ` · ${visibleText(person.reason)}`}
      </span>
    </>
  )
}

function EditButton({ person }: { person: Person }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const label = t('people.edit', { name: person.name })
  return (
    <>
      <button type="button" className="icon-button" title={label} aria-label={label} onClick={() => setEditing(true)}>
        <Icon name="pencil" size={14} />
      </button>
      {editing && (
        <PersonDialog title={person.name} values={toPersonForm(person)} known onClose={() => setEditing(false)} />
      )}
    </>
  )
}

export function PersonRow({ person }: { person: Person }) {
  const { t, bytes, number, ago, date } = useWords()
  const { quota, used } = person
  return (
    <tr>
      <td>
        <span className="row-name">{person.name}</span>
        <span className="row-note">
          {person.login}
          {person.administrator && (
            <>
              {' '}
              <span className="tag">{t('role.administrator')}</span>
            </>
          )}
        </span>
      </td>
      <td>
        <Decision person={person} />
      </td>
      <td className="d-none d-md-table-cell">
        <Meter compact label={t('quota.sites')} used={used.sites} limit={quota.sites} format={number} tones={false} />
      </td>
      <td className="d-none d-lg-table-cell">
        <Meter
          compact
          label={t('usage.memory')}
          used={used.memoryBytes}
          limit={quota.memoryBytes}
          format={bytes}
          tones={false}
        />
      </td>
      <td className="d-none d-lg-table-cell">
        <Meter
          compact
          label={t('usage.disk')}
          used={used.diskBytes}
          limit={quota.diskBytes}
          format={bytes}
          tones={false}
        />
      </td>
      <td className="d-none d-xl-table-cell">
        {person.sites.map((name) => (
          <Link key={name} className="d-block" to={`/sites/${name}`}>
            {name}
          </Link>
        ))}
      </td>
      <td className="d-none d-xl-table-cell text-nowrap" title={person.lastSignInAt && date(person.lastSignInAt)}>
        {ago(person.lastSignInAt)}
      </td>
      <td className="row-actions">
        <EditButton person={person} />
      </td>
    </tr>
  )
}
