import { useState } from 'react'
import { callApi } from '../../../api/call-api.js'
import { followOperation } from '../../../api/followed.js'
import { showOperation } from '../../../api/power.js'
import { useWords } from '../../../i18n/use-words.js'
import { AddKeyDialog } from '../../../parts/AddKeyDialog.js'
import { ConfirmDialog } from '../../../parts/ConfirmDialog.js'
import { Icon } from '../../../parts/Icon.js'
import { readKey } from '../../../parts/read-key.js'
import { useSite } from '../use-site.js'

function KeyItem({ line, disabled, onRemove }: { line: string; disabled: boolean; onRemove: () => Promise<void> }) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const key = readKey(line)
  const label = key?.comment || t('access.keyUnnamed')
  return (
    <li>
      <Icon name="key" />
      <span className="flex-grow-1 text-break">
        {label}
        <span className="row-note font-monospace">{key ? `${key.type} …${key.ending}` : line.slice(0, 40)}</span>
      </span>
      <button
        type="button"
        className="icon-button"
        disabled={disabled}
        aria-label={t('access.keyRemove', { key: label })}
        title={t('access.keyRemove', { key: label })}
        onClick={() => setAsking(true)}
      >
        <Icon name="trash3" size={14} />
      </button>
      {asking && (
        <ConfirmDialog
          title={t('access.keyRemove', { key: label })}
          action={t('action.remove')}
          danger
          onConfirm={onRemove}
          onClose={() => setAsking(false)}
        >
          <p className="mb-0">{t('access.keyRemoveText')}</p>
        </ConfirmDialog>
      )}
    </li>
  )
}

/** Public keys that may sign in over SFTP instead of the password. */
export function SftpKeys({ keys }: { keys: string[] }) {
  const { t } = useWords()
  const { name, operation } = useSite()
  const [adding, setAdding] = useState(false)
  const busy = operation !== undefined
  const set = async (next: string[]) => {
    const started = await callApi('setSftpKeys', { params: { name }, body: { keys: next } })
    followOperation(started.operation)
    showOperation(name, started.operation)
  }
  return (
    <section className="panel panel-body" aria-labelledby="keys-title">
      <div className="panel-head">
        <h2 id="keys-title">{t('access.keys')}</h2>
        <button type="button" className="btn btn-sm btn-quiet" disabled={busy} onClick={() => setAdding(true)}>
          <Icon name="plus-lg" size={14} />
          {t('access.keyAdd')}
        </button>
      </div>
      <p className="text-body-secondary">{t('access.keysText')}</p>
      {keys.length === 0 && <p className="mb-0">{t('access.noKeys')}</p>}
      <ul className="item-list">
        {keys.map((line) => (
          <KeyItem
            key={line}
            line={line}
            disabled={busy}
            onRemove={() => set(keys.filter((other) => other !== line))}
          />
        ))}
      </ul>
      {adding && <AddKeyDialog onAdd={(line) => set([...keys, line])} onClose={() => setAdding(false)} />}
    </section>
  )
}
