import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { addKey, keysQuery, removeKey } from '../../api/profile.js'
import { useWords } from '../../i18n/use-words.js'
import { AddKeyDialog } from '../../parts/AddKeyDialog.js'
import { Icon } from '../../parts/Icon.js'
import { RemoveButton } from '../../parts/RemoveButton.js'
import { ProfilePanel } from './ProfilePanel.js'

/** Keys that open SFTP and git of every site whose content the person may change. */
export function Keys() {
  const { t, ago } = useWords()
  const query = useQuery(keysQuery)
  const [adding, setAdding] = useState(false)
  return (
    <>
      <ProfilePanel
        title={t('profile.keys')}
        text={t('profile.keysText')}
        none={t('profile.noKeys')}
        query={query}
        button={
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => setAdding(true)}>
            <Icon name="plus-lg" size={14} />
            {t('access.keyAdd')}
          </button>
        }
      >
        {({ id, type, comment, fingerprint, addedAt }) => {
          const label = comment || t('access.keyUnnamed')
          return (
            <li key={id}>
              <Icon name="key" />
              <span className="flex-grow-1 text-break">
                {label}
                <span className="row-note font-monospace">{`${type} ${fingerprint}`}</span>
                <span className="row-note">{t('profile.added', { ago: ago(addedAt) })}</span>
              </span>
              <RemoveButton
                label={t('access.keyRemove', { key: label })}
                text={t('profile.keyRemoveText')}
                action={t('action.remove')}
                onRemove={() => removeKey(id)}
              />
            </li>
          )
        }}
      </ProfilePanel>
      {adding && (
        <AddKeyDialog
          onAdd={async (line) => {
            await addKey(line)
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}
